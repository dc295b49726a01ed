"""What two tracks have in common, in a listener's words: groups of blocks, tempo and key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import MINUS, key_name, listed, per_cent, short_key

if TYPE_CHECKING:  # what explains comes with the model; words are there before
    from indexer.core.model.explain import BlockShare, Character, Explanation, PairReason

_ARROW = "→"
_BETWEEN = " · "
_MOST_GROUPS = 3
"""Named of a pair."""


def agreement(reason: PairReason, most: int = _MOST_GROUPS) -> str:
    """`Timbre, rhythm`: what agrees most."""
    words = in_common(reason, most)
    return words[:1].upper() + words[1:]


def agreement_in_short(reason: PairReason) -> str:
    """The same with two words at most, where there is little room."""
    return agreement(reason, 2)


def facts(reason: PairReason) -> str:
    """`120→128 BPM · C→Am`: the seed's tempo and key and the row's; once where they are the same."""
    tempo = _pair(_tempo(reason.seed), _tempo(reason.track))
    return _BETWEEN.join(part for part in (tr("{tempo} BPM", tempo=tempo) if tempo else "", _keys(reason)) if part)


def facts_in_short(reason: PairReason) -> str:
    """`120→128 · C→Am`: the same without the unit, where there is little room."""
    return _BETWEEN.join(part for part in (_pair(_tempo(reason.seed), _tempo(reason.track)), _keys(reason)) if part)


def facts_of(sound: Character) -> str:
    """`120 BPM · C major`: of one track; empty where nothing is known."""
    tempo = tr("{tempo} BPM", tempo=_tempo(sound)) if sound.tempo is not None else ""
    return _BETWEEN.join(part for part in (tempo, key_name(sound.key)) if part)


def reason_lines(reason: PairReason) -> list[str]:
    """The same in sentences, for the tool tip and for those who cannot see."""
    agree, unknown = in_common(reason), tr("unknown")
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


def in_common(reason: PairReason, most: int = _MOST_GROUPS) -> str:
    """`timbre, rhythm`: the same within a sentence."""
    return ", ".join(tr(group) for group in agreeing_groups(reason.blocks)[:most])


def _keys(reason: PairReason) -> str:
    return _pair(short_key(reason.seed.key), short_key(reason.track.key))


def _tempo(sound: Character) -> str:
    return "" if sound.tempo is None else f"{sound.tempo:.0f}"


def _pair(seed: str, row: str) -> str:
    """Both in one; a dash for what is not known, nothing where neither is."""
    if not seed and not row:
        return ""
    return row if seed == row else f"{seed or '–'}{_ARROW}{row or '–'}"


_TIMBRE = mark("timbre")
_BRIGHTNESS = mark("brightness")
_RHYTHM = mark("rhythm")
_HARMONY = mark("harmony")
_LOUDNESS = mark("loudness")
_LEARNT = mark("learnt impression")
"""Groups of blocks, as a listener would call what they hear. Loudness is how loud low, middle and high are and how that
swings: the level itself is not compared, for it says more of the mastering than of the music."""


@dataclass(frozen=True, slots=True)
class BlockWord:
    """What a block is called, a singular without an article, what it listens to, and the group it belongs to."""

    name: str
    about: str
    group: str


WORDS = {
    "mfcc": BlockWord(
        mark("timbre"),
        mark("The colour of the sound: which instruments and voices, and how they are recorded."),
        _TIMBRE,
    ),
    "shape": BlockWord(
        mark("brightness"), mark("Dull or bright, thin or full, noisy or pure, and how that changes."), _BRIGHTNESS
    ),
    "contrast": BlockWord(
        mark("clarity of partials"), mark("How far tones stand out from what lies between them."), _TIMBRE
    ),
    "peakiness": BlockWord(
        mark("purity of tones"), mark("Single clear tones, as of a voice or a flute, or a dense mixture."), _TIMBRE
    ),
    "chroma": BlockWord(mark("harmony"), mark("The character of chords and intervals, whatever the key."), _HARMONY),
    "chroma_patterns": BlockWord(
        mark("melody"), mark("How notes and chords follow each other, whatever the key."), _HARMONY
    ),
    "mfcc_corr": BlockWord(
        mark("movement of timbre"), mark("Which colours of the sound come and go together."), _TIMBRE
    ),
    "mel_corr": BlockWord(
        mark("interplay of low and high"), mark("Which of low, middle and high rise and fall together."), _LOUDNESS
    ),
    "descriptor_corr": BlockWord(
        mark("movement of brightness"), mark("What brightness, clarity and loudness do together."), _BRIGHTNESS
    ),
    "fluctuation": BlockWord(mark("pulse"), mark("How fast the loudness of low, middle and high swings."), _RHYTHM),
    "rhythm": BlockWord(mark("rhythm"), mark("The pattern of beats, and how hard they hit."), _RHYTHM),
    "spectral_patterns": BlockWord(
        mark("texture"), mark("How steady or busy low, middle and high are from moment to moment."), _LOUDNESS
    ),
    "self_similarity": BlockWord(
        mark("repetition"), mark("How soon and how much the music comes back to the same sound."), _RHYTHM
    ),
    "embedding": BlockWord(mark("learnt impression"), mark("What the network that you added makes of it."), _LEARNT),
    "mel": BlockWord(mark("spectrum"), mark("How loud each register is on average."), _TIMBRE),
    "tempogram": BlockWord(mark("rhythm"), mark("The pattern of beats."), _RHYTHM),
    "centroid": BlockWord(mark("brightness"), mark("Dull or bright."), _BRIGHTNESS),
    "zcr": BlockWord(mark("noisiness"), mark("Hiss and drums, or tones."), _BRIGHTNESS),
}

_SHARE_OF_A_GROUP = 0.03
"""Share of a pair's likeness below which a group is not named, however alike the two are in it."""


def block_word(name: str) -> BlockWord:
    """The word for a block; its own name, made readable, for one that nobody wrote a word for."""
    word = _english(name)
    return BlockWord(tr(word.name), tr(word.about), tr(word.group))


@dataclass(frozen=True, slots=True)
class Group:
    """What a listener would call one thing, in a pair of tracks.

    Attributes:
        name: in English.
        blocks: that hear it, the greatest share first.
        share: in the pair's closeness, -1 to 1.
        likeness: of the two tracks in this alone, -1 to 1.
    """

    name: str
    blocks: tuple[BlockShare, ...]
    share: float
    likeness: float


def groups_of(blocks: Sequence[BlockShare]) -> list[Group]:
    """What a pair agrees in, the most alike first, then what hardly counts, then what keeps the two apart.

    Alike is meant for each group by itself: by their share in the nearness, which the weights of the blocks decide,
    timbre would come first for 96 of 100 neighbours.
    """
    parts: dict[str, list[BlockShare]] = {}
    for block in blocks:
        parts.setdefault(_english(block.name).group, []).append(block)
    groups = [_group(name, tuple(held)) for name, held in parts.items()]
    return sorted(groups, key=lambda group: (-_side(group), -group.likeness, group.name))


def agreeing_groups(blocks: Sequence[BlockShare]) -> list[str]:
    """The two or three listener's groups in which a pair agrees most, the most alike first; fewer if no more do."""
    return [group.name for group in groups_of(blocks) if _side(group) > 0][:_MOST_GROUPS]


def _group(name: str, blocks: tuple[BlockShare, ...]) -> Group:
    share = sum(block.share for block in blocks)
    length = sum(block.share / block.likeness for block in blocks if block.likeness)
    return Group(name, blocks, share, share / length if length else 0.0)


def _side(group: Group) -> int:
    """1 for what brings a pair together, -1 for what keeps it apart, 0 for what hardly counts and is not named."""
    if group.share >= _SHARE_OF_A_GROUP:
        return 1
    return -1 if group.share <= -_SHARE_OF_A_GROUP else 0


def in_a_sentence(explanation: Explanation) -> str:
    """What brings the two together and what keeps them apart, in the words that their row has, too."""
    together = [tr(group) for group in agreeing_groups(explanation.blocks)]
    groups = reversed(groups_of(explanation.blocks))
    apart = [tr(group.name) for group in groups if _side(group) < 0][:_MOST_GROUPS]
    if not explanation.blocks:
        return tr("These two were compared as a whole, so there are no parts to tell apart.")
    if together and apart:
        return tr("{together}; {apart}.", together=_together(together), apart=_apart(apart))
    if together:
        return tr("{together}; nothing much keeps them apart.", together=_together(together))
    if apart:
        return tr("Nothing much brings them together, and {apart}.", apart=_apart(apart))
    return tr("No part of their sound stands out: they are alike a little in everything.")


def share_words(block: BlockShare) -> str:
    """What one bar shows, for those who cannot see it."""
    side = tr("brings them together") if block.share > 0 else tr("keeps them apart")
    return f"{block_word(block.name).name}: {side}, {per_cent(abs(round(block.share * 100)))}"


def signed_percent(share: float) -> str:
    """`+24%`, `0%`, and with a true minus below that."""
    whole = round(share * 100)
    return f"{'+' if whole > 0 else MINUS if whole < 0 else ''}{per_cent(abs(whole))}"


def _together(names: Sequence[str]) -> str:
    return trn(
        "Their {parts} brings them together", "Their {parts} bring them together", len(names), parts=listed(names)
    )


def _apart(names: Sequence[str]) -> str:
    return trn("{parts} keeps them apart", "{parts} keep them apart", len(names), parts=listed(names))


def _english(name: str) -> BlockWord:
    readable = name.replace("_", " ")
    return WORDS.get(name) or BlockWord(readable, "", readable)
