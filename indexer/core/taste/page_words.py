"""What a page of recommendations says: the titles of shelves, why a track is on one, and why there are none yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.core.language import tr, trn
from indexer.core.phrases import isolated
from indexer.core.taste.model import Reason, ReasonCode
from indexer.core.taste.recommending import Recommendations, TasteState
from indexer.core.taste.shelves import Pick, Shelf, ShelfKind
from indexer.core.tracks import TrackId, TrackOf

_NAMED_ARTISTS = 3


@dataclass(frozen=True)
class ShelfWords:
    """What a shelf says of itself: its title, and what it holds."""

    title: str
    about: str = ""


def shelf_words(shelf: Shelf, number: int, track_of: TrackOf) -> ShelfWords:
    """The title of a shelf and what it holds; `number` counts the mixes from 1."""
    if shelf.kind is ShelfKind.BECAUSE:
        name = _title(shelf.seed, track_of)
        return ShelfWords(tr("Because you played {title}", title=name), _artist(shelf.seed, track_of))
    if shelf.kind is ShelfKind.MIX:
        return ShelfWords(tr("Mix {number}", number=number), _artists(shelf.picks, track_of))
    return {
        ShelfKind.FOR_YOU: ShelfWords(tr("Picked for you"), tr("what fits your taste, and the music of just now")),
        ShelfKind.REDISCOVER: ShelfWords(tr("Rediscover"), tr("loved, and not heard for long")),
        ShelfKind.NEW: ShelfWords(tr("New to you"), tr("never played, and likely to be liked")),
    }[shelf.kind]


def why_words(track: TrackId, reason: Reason, explores: bool, track_of: TrackOf) -> str:
    """Why a track is recommended, with its name in front."""
    return tr("{name}: {reason}", name=_title(track, track_of), reason=_reason(reason, explores, track_of))


def empty_words(now: Recommendations, learning: bool) -> tuple[str, str]:
    """Why there are no shelves, and what to do."""
    if learning:
        return tr("Your taste is being learnt…"), tr("This takes from seconds to some minutes. Music goes on playing.")
    if now.state is TasteState.TOO_LITTLE:
        return (
            trn("Play {number} more track", "Play {number} more tracks", now.needed),
            tr(
                "Then Segue begins to know what you like. Thumbs up and favourites count too, and so does what you "
                "listened to elsewhere: File › Import listening history."
            ),
        )
    if now.state is TasteState.NOT_LEARNT:
        return (
            tr("Your taste was not learnt yet"),
            tr("You have played enough for it. Update taste reads your plays and opinions, on this computer."),
        )
    if now.state is TasteState.READY:
        return tr("There is nothing to recommend"), tr("All that fits is away, hidden, or was played just now.")
    return tr("Getting ready…"), ""


def empty_words_in_browser(now: Recommendations) -> tuple[str, str]:
    """The same for a page that has no menu of files and no button that has taste learnt: its server does that."""
    title, advice = empty_words(now, learning=False)
    if now.state is TasteState.TOO_LITTLE:
        return title, tr("Then Segue begins to know what you like. Thumbs up and favourites count too.")
    if now.state is TasteState.NOT_LEARNT:
        return title, tr("You have played enough for it. The machine that has the music learns it by itself.")
    return title, advice


def _reason(reason: Reason, explores: bool, track_of: TrackOf) -> str:
    if explores:
        return tr("something different, to find out whether you like it")
    name = _title(reason.track, track_of)
    if reason.code is ReasonCode.TAGGED:
        return tr("tagged {tag}, as {title} is", tag=isolated(reason.tag), title=name)
    if reason.code is ReasonCode.SUNG:
        return _often(tr("has words like those of {title}", title=name), reason.plays)
    if reason.code is ReasonCode.SOUNDS_LIKE:
        return _often(tr("sounds like {title}", title=name), reason.plays)
    if reason.code is ReasonCode.TOGETHER and reason.track is not None:
        return _often(tr("is played by those who play {title}", title=name), reason.plays)
    return tr("fits what you listen to")


def _often(words: str, plays: int) -> str:
    if not plays:
        return words
    return trn("{words}, which you played once this month", "{words}, which you played {number} times this month",
               plays, words=words)  # fmt: skip


def _title(track: TrackId | None, track_of: TrackOf) -> str:
    found = None if track is None else track_of(track)
    return isolated(found.title) if found else tr("a track that is gone")


def _artist(track: TrackId | None, track_of: TrackOf) -> str:
    found = None if track is None else track_of(track)
    return found.artist if found else ""


def _artists(picks: Sequence[Pick], track_of: TrackOf) -> str:
    names = dict.fromkeys(name for pick in picks if (name := _artist(pick.track, track_of)))
    return ", ".join(isolated(name) for name in list(names)[:_NAMED_ARTISTS])
