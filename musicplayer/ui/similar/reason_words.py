"""Says of a row of the panel why it is there: what agrees, and tempo and key beside those of the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.language import tr
from musicplayer.ui.look.words import key_name
from musicplayer.ui.similar.block_words import agreeing_groups

if TYPE_CHECKING:
    from indexer.core.model.explain import Character
    from musicplayer.discover.reasons import Reason

_ARROW = "→"
_BETWEEN = " · "


def agreement(reason: Reason, most: int = 3) -> str:
    """`Timbre, rhythm`: what agrees most."""
    words = _groups(reason, most)
    return words[:1].upper() + words[1:]


def agreement_in_short(reason: Reason) -> str:
    """The same with two words at most, where there is little room."""
    return agreement(reason, 2)


def facts(reason: Reason) -> str:
    """`120→128 BPM · C→Am`: the seed's tempo and key and the row's; once where they are the same."""
    tempo = _pair(_tempo(reason.seed), _tempo(reason.track))
    return _BETWEEN.join(part for part in (tr("{tempo} BPM", tempo=tempo) if tempo else "", _keys(reason)) if part)


def facts_in_short(reason: Reason) -> str:
    """`120→128 · C→Am`: the same without the unit, where there is little room."""
    return _BETWEEN.join(part for part in (_pair(_tempo(reason.seed), _tempo(reason.track)), _keys(reason)) if part)


def facts_of(sound: Character) -> str:
    """`120 BPM · C major`: of one track; empty where nothing is known."""
    tempo = tr("{tempo} BPM", tempo=_tempo(sound)) if sound.tempo is not None else ""
    return _BETWEEN.join(part for part in (tempo, key_name(sound.key)) if part)


def reason_lines(reason: Reason) -> list[str]:
    """The same in sentences, for the tool tip and for those who cannot see."""
    agree, unknown = _groups(reason), tr("unknown")
    lines = [tr("Alike in {groups}.", groups=agree)] if agree else []
    tempos = [tr("{tempo} BPM", tempo=_tempo(sound)) if sound.tempo else "" for sound in (reason.seed, reason.track)]
    if any(tempos):
        lines.append(tr("Tempo: {one}, here {other}.", one=tempos[0] or unknown, other=tempos[1] or unknown))
    keys = (reason.seed.key, reason.track.key)
    if any(keys):
        lines.append(
            tr("Key: {one}, here {other}.", one=key_name(keys[0]) or unknown, other=key_name(keys[1]) or unknown)
        )
    return lines


def short_key(key: str | None) -> str:
    """`Am` for A minor and `C` for C major; empty for none."""
    if not key:
        return ""
    note, _, mode = key.partition(" ")
    return f"{note}m" if mode == "minor" else note


def _groups(reason: Reason, most: int = 3) -> str:
    return ", ".join(tr(group) for group in agreeing_groups(reason.blocks)[:most])


def _keys(reason: Reason) -> str:
    return _pair(short_key(reason.seed.key), short_key(reason.track.key))


def _tempo(sound: Character) -> str:
    return "" if sound.tempo is None else f"{sound.tempo:.0f}"


def _pair(seed: str, row: str) -> str:
    """Both in one; a dash for what is not known, nothing where neither is."""
    if not seed and not row:
        return ""
    return row if seed == row else f"{seed or '–'}{_ARROW}{row or '–'}"
