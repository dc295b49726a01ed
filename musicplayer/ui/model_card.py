"""What a similarity model is and how well it answers, figure by figure, each with a sentence that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from musicplayer.ui.words import count, span

if TYPE_CHECKING:
    from indexer.model import Manifest

LIST = 10
"""Length of the lists that recall and hubs are measured on; so many lists a track is in by chance."""

_JOINS = {"exact": "every track compared with every other", "lsh": "tracks that share a bucket compared"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the card."""

    name: str
    value: str
    about: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[Fact, ...]


def provisional_card(manifest: Manifest, heard: int, tracks: int) -> tuple[Section, ...]:
    """The card of a model that stands in until one is built: of `tracks` in the library it has `heard` some."""
    facts = (
        Fact("Heard", f"{heard:,} of {tracks:,} tracks", "Each joins in as soon as it was heard."),
        Fact("Compared per question", "every track heard", "So that nothing near is missed, while there are few."),
        Fact("Learnt from", "other music", "What tells tracks apart is learnt from your own when the index is built."),
        _profile(manifest),
    )
    return (Section("The model", facts),)


def card_of(manifest: Manifest) -> tuple[Section, ...]:
    """The card of a model that was built."""
    return (
        Section("The model", (_tracks(manifest), _comparable(manifest), _built(manifest), _profile(manifest))),
        Section("How well it answers", (_recall(manifest), _list_recall(manifest), _compared(manifest))),
        Section("How it was made", (_tables(manifest), _join(manifest), _smoothed(manifest))),
        *_hubs(manifest),
    )


def card_text(headline: str, intro: str, sections: Sequence[Section]) -> str:
    """The card as plain text, to paste into a message."""
    lines = [headline, intro]
    for section in sections:
        lines += ["", section.title]
        lines += [f"  {fact.name}: {fact.value}\n    {fact.about}" for fact in section.facts]
    return "\n".join(lines) + "\n"


def _tracks(manifest: Manifest) -> Fact:
    return Fact("Tracks", f"{manifest.tracks:,}", "Those it was built from; what is heard later joins in at once.")


def _comparable(manifest: Manifest) -> Fact:
    left = manifest.tracks - manifest.comparable
    about = f"The rest, {left:,}, can be asked about, but holds too little sound to be an answer."
    if not left:
        about = "All hold enough sound to be recommended."
    return Fact("Can be recommended", f"{manifest.comparable:,}", about)


def _built(manifest: Manifest) -> Fact:
    steps = sorted(manifest.seconds_by_step.items(), key=lambda step: -step[1])
    longest = " and ".join(f"{name} ({span(seconds)})" for name, seconds in steps[:2] if seconds >= 1)
    about = f"Built by Spark {manifest.spark_version}." + (f" What took longest: {longest}." if longest else "")
    return Fact("Built", f"{_when(manifest.built_at)}, in {span(manifest.seconds)}", about)


def _profile(manifest: Manifest) -> Fact:
    name, _, version = manifest.profile_key.partition(":")
    return Fact(
        "Profile",
        f"{name}, version {version}" if version else name,
        f"Which features of the sound are compared; a track becomes {count(manifest.dims, 'number')}.",
    )


def _recall(manifest: Manifest) -> Fact:
    sample = count(manifest.recall_sample, "track")
    return Fact(
        f"Recall@{LIST}",
        f"{_per_cent(manifest.recall)} over {sample}",
        f"How many of the {LIST} truly nearest tracks a search in the hash tables finds, for a new file for example.",
    )


def _list_recall(manifest: Manifest) -> Fact:
    return Fact(
        "Recall of the lists",
        _per_cent(manifest.list_recall),
        f"The same of the stored lists of the {manifest.neighbours} nearest, which answer for known tracks.",
    )


def _compared(manifest: Manifest) -> Fact:
    return Fact(
        "Compared per question",
        f"{_per_cent(manifest.candidate_share)} of the library",
        "Whose exact distance a search computes; a small share is what makes it fast in a large library.",
    )


def _tables(manifest: Manifest) -> Fact:
    return Fact(
        "Tables × hashes × probes",
        f"{manifest.tables} × {manifest.hashes} × {manifest.probes}",
        "Hash tables, projections that make up a bucket, and further buckets looked into per table. "
        f"The fullest bucket holds {count(manifest.largest_bucket, 'track')}.",
    )


def _join(manifest: Manifest) -> Fact:
    return Fact(
        "Lists come from", _JOINS.get(manifest.join, manifest.join), manifest.join_reason or "No reason was kept."
    )


def _smoothed(manifest: Manifest) -> Fact:
    about = "Each track is drawn a little towards its three nearest, which evens out chance in what was heard of it."
    return Fact("Smoothed", "yes" if manifest.smoothed else "no", about)


def _hubs(manifest: Manifest) -> tuple[Section, ...]:
    hubs = manifest.hubness
    if not {"skewness", "biggest", "never"} <= hubs.keys():
        return ()
    raw = f"; {hubs['raw_skewness']:.2f} before distances were scaled" if "raw_skewness" in hubs else ""
    facts = (
        Fact(
            "Hub skewness",
            f"{_signed(hubs['skewness'])}{raw}",
            "Whether a few tracks are recommended again and again: 0 is even, above 1 a few hubs rule.",
        ),
        Fact(
            "Biggest hub",
            f"in {count(round(hubs['biggest']), 'list')} of ten",
            f"The most recommended track is in {count(round(hubs['biggest']), 'list')} of ten; by chance {LIST}.",
        ),
        Fact(
            "Never recommended",
            f"{_per_cent(hubs['never'])} of the tracks",
            "Tracks that are in nobody’s list of ten.",
        ),
    )
    return (Section("How evenly it recommends", facts),)


def _when(built_at: str) -> str:
    """Day and time where the reader is."""
    try:
        moment = datetime.fromisoformat(built_at)
    except ValueError:
        return built_at
    local = moment.astimezone()
    return QLocale.c().toString(local, "d MMMM yyyy, HH:mm")


def _per_cent(share: float) -> str:
    """`99.5%`, `60.1%`, `0%`, `100%`; never rounded up to all, nor down to none."""
    shown = min(max(share, 0.0), 1.0) * 100
    if shown in {0.0, 100.0}:
        return f"{shown:.0f}%"
    return f"{min(max(shown, 0.1), 99.9):.1f}%"


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "\N{MINUS SIGN}")
