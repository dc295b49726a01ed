"""The plain pages of the settings: indexing, recommendations, playback, appearance."""

from __future__ import annotations

import os

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QPushButton, QWidget

from indexer.core.language import ENGLISH, LANGUAGES, tr
from indexer.core.model.embedding.errors import RegistryDamaged
from indexer.core.model.embedding.registry import profile_name, registered
from indexer.core.settings import Gain, IndexWhen, PlayOn
from indexer.core.settings import Theme as ThemeChoice
from indexer.core.tracks import Hearing
from musicplayer.ui.frame.bound import Choice, WholeNumber, check, choice, line, number, whole_number
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.recommending import Row, radio_lean, same_artist, songs_only
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.form import Form

_PROFILES = ("sonic", "classic", "rhythm")


def indexing_page(preferences: Preferences) -> tuple[Form, Choice]:
    """When Segue listens to music, with how much of the machine, and for what; the page and its choice of a profile."""
    form = Form(tr("Indexing"), tr("Segue analyses each track once, in the background and at low priority."))
    when = {
        IndexWhen.ALWAYS: tr("Whenever there is something new"),
        IndexWhen.IDLE: tr("Only while Segue is not being used"),
    }
    about = tr("“Not being used” means that no music plays and nothing was clicked or typed here for two minutes.")
    form.row(tr("Analyse"), choice(preferences, "index_when", when), about)
    form.row(tr("Processor cores"), _cores(preferences), tr("Fewer leave more of the machine to you, and take longer."))
    profiles = choice(preferences, "profile", _profiles(preferences))
    about = tr("What of the sound is compared. “sonic” finds best; others are for comparison. From the next start on.")
    form.row(tr("Profile"), profiles, about)
    return form, profiles


def offer_profiles(box: Choice, preferences: Preferences) -> None:
    """Offer the profiles that there are by now."""
    box.clear()
    for name, words in _profiles(preferences).items():
        box.addItem(words, name)
    box.setCurrentIndex(box.findData(preferences.settings.profile))


def _profiles(preferences: Preferences) -> dict[str, str]:
    """The built-in ones, those of networks that were added, and the one that is chosen, whatever became of it."""
    try:
        networks = [profile_name(name) for name in registered(preferences.home)]
    except RegistryDamaged:
        networks = []  # the indexer says so
    return {name: name for name in (*_PROFILES, *networks, preferences.settings.profile)}


def recommendations_page(preferences: Preferences, ears: QWidget | None) -> Form:
    """What “More like this” and the radio may choose, and what hears for them besides.

    Without `ears` nothing is said of hearing and taste: those are of the machine that has the library.
    """
    about = tr(
        "“More like this”, the radio and journeys go by what your music sounds like, unless they are told otherwise."
    )
    form = Form(tr("Recommendations"), about)
    _add(form, same_artist(preferences))
    if ears is not None:
        _hearing(form, preferences)
        _add(form, radio_lean(preferences))
    _songs(form, preferences)
    if ears is not None:
        form.heading(tr("Better ears"))
        form.whole(ears)
    return form


def _add(form: Form, row: Row[QWidget]) -> None:
    form.row(row.name, row.control, row.about)


def _hearing(form: Form, preferences: Preferences) -> None:
    """How much of long tracks is heard."""
    hearing = {
        Hearing.THOROUGH: tr("All of them"),
        Hearing.MAINS: tr("All of them, but never on battery power"),
        Hearing.QUICK: tr("Parts of them"),
    }
    about = tr(
        "Every track is heard in parts first, so that there are answers soon, and then from end to end, which finds "
        "better and takes about three times as long. From the next indexing on."
    )
    form.row(tr("Hear of long tracks"), choice(preferences, "hearing", hearing), about)


def _songs(form: Form, preferences: Preferences) -> None:
    """What counts as a song, with the numbers that decide."""
    form.heading(tr("What is not a song"))
    songs = songs_only(preferences)
    _add(form, songs)
    only = songs.control
    about = tr("What is shorter counts as a jingle.")
    shortest = whole_number(preferences, "shortest_song", 0, 600, 5, tr(" s"))
    form.row(tr("A song lasts at least"), shortest, about)
    about = tr("What is longer counts as a mix or an album in one file. A CD holds 80 minutes.")
    longest = whole_number(preferences, "longest_song", 5, 1_440, 5, tr(" min"))
    form.row(tr("And at most"), longest, about)
    about = tr("From this length on, a title, album, genre or folder such as “DJ mix” or “full album” is believed.")
    named = whole_number(preferences, "named_mix", 5, 1_440, 5, tr(" min"))
    form.row(tr("Called a mix, from"), named, about)
    about = tr("From this length on, what sounds like somebody talking counts as talk.")
    talk = whole_number(preferences, "talk_from", 1, 1_440, 1, tr(" min"))
    form.row(tr("Sounds like talk, from"), talk, about)
    about = tr(
        "Further names of folders and genres that hold no songs, with commas between. Audiobooks, podcasts, speech and "
        "radio plays are known, by genre, folder and the ending .m4b."
    )
    folders = line(preferences, "no_song_folders", tr("meditations, language courses"))
    form.row(tr("Also not songs"), folders, about)
    for control in (shortest, longest, named, talk, folders):
        only.toggled.connect(control.setEnabled)
        control.setEnabled(only.isChecked())


def playback_page(preferences: Preferences) -> tuple[Form, QPushButton]:
    """What plays on, loudness, and fades; returns the page and its button that opens the sound dialog."""
    form = Form(tr("Playback"))
    plays = {
        PlayOn.LIST: tr("The list goes on"),
        PlayOn.RADIO: tr("The list goes on, then the radio"),
        PlayOn.ONE: tr("Nothing"),
    }
    about = tr("Of any list: the library, an album, a playlist, what a search found. Shift+Enter always plays on.")
    form.row(tr("After a double click"), choice(preferences, "play_on", plays), about)
    form.heading(tr("Loudness"))
    gains = {Gain.OFF: tr("Off"), Gain.TRACK: tr("Every track alike"), Gain.ALBUM: tr("Albums as a whole")}
    about = tr("From ReplayGain tags; for tracks without, from the loudness that Segue measured (EBU R 128).")
    form.row(tr("Even out loudness"), choice(preferences, "gain", gains), about)
    form.row(
        tr("Pre-amplification"),
        number(preferences, "gain_preamp", -15, 15, 0.5, tr(" dB")),
        tr("Added to every track."),
    )
    form.heading(tr("From one to the next"))
    about = tr("Length of the fade when music is paused or stopped; 0 stops it at once.")
    form.row(tr("Fade"), whole_number(preferences, "fade_ms", 0, 5_000, 50, tr(" ms")), about)
    about = tr(
        "Between tracks of different albums; tracks of one album follow each other as they were recorded. 0 is off."
    )
    form.row(tr("Crossfade"), number(preferences, "crossfade_seconds", 0, 15, 0.5, tr(" s")), about)
    button = push_button(tr("Equaliser and output…"))
    form.row(tr("Sound"), button, tr("Also under Playback › Sound, and behind the sliders in the bar."))
    return form, button


def appearance_page(preferences: Preferences, *, has_tray: bool) -> Form:
    """The look, the language, and what is shown outside the window, on a desktop that has a tray or has none."""
    form = Form(tr("Appearance"))
    looks = {ThemeChoice.SYSTEM: tr("As the system"), ThemeChoice.LIGHT: tr("Light"), ThemeChoice.DARK: tr("Dark")}
    form.row(tr("Theme"), choice(preferences, "theme", looks))
    names = {ENGLISH: "English"}  # Qt names the country with it
    languages = {"": tr("As the system")} | {
        code: names.get(code) or QLocale(code).nativeLanguageName() for code in LANGUAGES
    }
    form.row(tr("Language"), choice(preferences, "language", languages), tr("From the next start on."))
    form.heading(tr("Outside the window"))
    form.row(tr("Show a notification when another track begins"), check(preferences, "notifications"))
    tray, stays = check(preferences, "tray"), check(preferences, "close_to_tray")
    form.row(tr("Show an icon in the tray"), tray)
    tray.setEnabled(has_tray)
    tray.toggled.connect(stays.setEnabled)
    stays.setEnabled(has_tray and tray.isChecked())
    about = (
        tr("Closing the window then leaves the music on; the icon brings it back.")
        if has_tray
        else tr("This desktop has no tray at the moment: closing the window ends Segue.")
    )
    form.row(tr("Keep playing in the tray when the window is closed"), stays, about)
    return form


def _cores(preferences: Preferences) -> WholeNumber:
    """One to all cores; zero stands for all of them, whatever their number."""
    box = WholeNumber()
    box.setObjectName("workers")
    box.setRange(0, os.cpu_count() or 1)
    box.setSpecialValueText(tr("All"))
    box.setValue(preferences.settings.workers or 0)
    box.valueChanged.connect(lambda cores: preferences.set("workers", cores or None))
    return box
