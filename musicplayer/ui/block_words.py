"""Says in a listener's words what the blocks of features hear, and what they say of a pair of tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicplayer.language import mark
from musicplayer.ui.words import MINUS, listed, percent

if TYPE_CHECKING:
    from indexer.model.explain import BlockShare, Explanation


@dataclass(frozen=True, slots=True)
class BlockWord:
    """What a block is called, a singular without an article, and what it listens to."""

    name: str
    about: str


WORDS = {
    "mfcc": BlockWord("timbre", "The colour of the sound: which instruments and voices, and how they are recorded."),
    "shape": BlockWord("brightness", "Dull or bright, thin or full, noisy or pure, and how that changes."),
    "contrast": BlockWord("clarity of partials", "How far tones stand out from what lies between them."),
    "peakiness": BlockWord("purity of tones", "Single clear tones, as of a voice or a flute, or a dense mixture."),
    "chroma": BlockWord("harmony", "The character of chords and intervals, whatever the key."),
    "chroma_patterns": BlockWord("melody", "How notes and chords follow each other, whatever the key."),
    "mfcc_corr": BlockWord("movement of timbre", "Which colours of the sound come and go together."),
    "mel_corr": BlockWord("interplay of low and high", "Which of low, middle and high rise and fall together."),
    "descriptor_corr": BlockWord("movement of brightness", "What brightness, clarity and loudness do together."),
    "fluctuation": BlockWord("pulse", "How fast the loudness of low, middle and high swings."),
    "rhythm": BlockWord("rhythm", "The pattern of beats, and how hard they hit."),
    "spectral_patterns": BlockWord("texture", "How steady or busy low, middle and high are from moment to moment."),
    "self_similarity": BlockWord("repetition", "How soon and how much the music comes back to the same sound."),
    "embedding": BlockWord("learnt impression", "What the network that you added hears."),
    "mel": BlockWord("spectrum", "How loud each register is on average."),
    "tempogram": BlockWord("rhythm", "The pattern of beats."),
    "centroid": BlockWord("brightness", "Dull or bright."),
    "zcr": BlockWord("noisiness", "Hiss and drums, or tones."),
}

GROUPS = {
    mark("timbre"): ("mfcc", "mfcc_corr", "contrast", "peakiness", "mel"),
    mark("brightness"): ("shape", "descriptor_corr", "centroid", "zcr"),
    mark("rhythm"): ("fluctuation", "rhythm", "tempogram", "self_similarity"),
    mark("harmony"): ("chroma", "chroma_patterns"),
    mark("loudness"): ("mel_corr", "spectral_patterns"),
    mark("learnt impression"): ("embedding",),
}
"""What a listener would call it, and the blocks that hear it. Loudness is how loud low, middle and high are and how
that swings: the level itself is not compared, for it says more of the mastering than of the music."""

_GROUP_OF = {block: group for group, blocks in GROUPS.items() for block in blocks}

_SHARE_OF_A_GROUP = 0.03
"""Share of a pair's likeness below which a group is not named, however alike the two are in it."""

_MOST_GROUPS = 3

_TELLING = 0.05
"""Share of a pair's likeness below which a block is not worth a word in the sentence."""

_MOST_NAMED = 3


def block_word(name: str) -> BlockWord:
    """The word for a block; its own name, made readable, for one that nobody wrote a word for."""
    return WORDS.get(name) or BlockWord(name.replace("_", " "), "")


def agreeing_groups(blocks: Sequence[BlockShare]) -> list[str]:
    """The two or three listener's groups in which a pair agrees most, the most alike first; fewer if no more do.

    Alike is meant for each group by itself: by their share in the nearness, which the weights of the blocks decide,
    timbre would come first for 96 of 100 neighbours. Groups that hardly contribute are not named.
    """
    shares: dict[str, float] = {}
    lengths: dict[str, float] = {}
    for block in blocks:
        group = _GROUP_OF.get(block.name, block_word(block.name).name)
        shares[group] = shares.get(group, 0.0) + block.share
        if block.likeness:
            lengths[group] = lengths.get(group, 0.0) + block.share / block.likeness
    together = [group for group in shares if shares[group] >= _SHARE_OF_A_GROUP]
    return sorted(together, key=lambda group: -shares[group] / lengths[group])[:_MOST_GROUPS]


def in_a_sentence(explanation: Explanation) -> str:
    """What brings the two together and what keeps them apart, in plain words."""
    together, apart = _names(explanation.together), _names(explanation.apart)
    if not explanation.blocks:
        return "These two were compared as a whole, so there are no parts to tell apart."
    if together and apart:
        return f"Their {listed(together)} {_verb('bring', together)} them together; {_apart(apart)}."
    if together:
        return f"Their {listed(together)} {_verb('bring', together)} them together; nothing much keeps them apart."
    if apart:
        return f"Nothing much brings them together, and {_apart(apart)}."
    return "No part of their sound stands out: they are alike a little in everything."


def nearness(explanation: Explanation) -> str:
    """How near the two are, beside what is usual in the library."""
    return f"Closer than {percent(explanation.closeness)} of the pairs in your library."


def share_words(block: BlockShare) -> str:
    """What one bar shows, for those who cannot see it."""
    side = "brings them together" if block.share > 0 else "keeps them apart"
    return f"{block_word(block.name).name}: {side}, {abs(round(block.share * 100))}%"


def signed_percent(share: float) -> str:
    """`+24%`, `0%`, and with a true minus below that."""
    whole = round(share * 100)
    return f"{'+' if whole > 0 else MINUS if whole < 0 else ''}{abs(whole)}%"


def _names(blocks: Sequence[BlockShare]) -> list[str]:
    """The words of the strongest blocks, each once."""
    telling = [block_word(block.name).name for block in blocks if abs(block.share) >= _TELLING]
    return list(dict.fromkeys(telling))[:_MOST_NAMED]


def _apart(names: Sequence[str]) -> str:
    return f"{listed(names)} {_verb('keep', names)} them apart"


def _verb(stem: str, names: Sequence[str]) -> str:
    return stem if len(names) > 1 else f"{stem}s"
