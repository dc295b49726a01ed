"""What two tracks have in common, in words."""

from __future__ import annotations

import pytest

from indexer.core.model.alike import (
    WORDS,
    agreeing_groups,
    block_word,
    facts,
    facts_in_short,
    facts_of,
    in_a_sentence,
    reason_lines,
    share_words,
    signed_percent,
)
from indexer.core.model.explain import BlockShare, Character, Explanation, PairReason
from indexer.core.model.profiles import PROFILES

UNKNOWN = Character(None, None, None)


def explanation(**shares: float) -> Explanation:
    blocks = sorted((BlockShare(name, share, share) for name, share in shares.items()), key=lambda block: -block.share)
    return Explanation(tuple(blocks), UNKNOWN, UNKNOWN, closeness=0.987, distance=0.5, euclidean=0.6)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (
            {"mfcc": 0.5, "chroma": 0.3, "rhythm": -0.2},
            "Their timbre and harmony bring them together; rhythm keeps them apart.",
        ),
        ({"rhythm": 0.98, "mfcc": -0.02}, "Their rhythm brings them together; nothing much keeps them apart."),
        (
            {"mfcc": 0.5, "contrast": 0.4, "peakiness": -0.1, "chroma": 0.95},
            "Their harmony and timbre bring them together; nothing much keeps them apart.",
        ),
        ({"rhythm": -0.6, "mfcc": -0.4}, "Nothing much brings them together, and rhythm and timbre keep them apart."),
        ({"mfcc": 0.02, "rhythm": -0.02}, "No part of their sound stands out: they are alike a little in everything."),
        ({}, "These two were compared as a whole, so there are no parts to tell apart."),
    ],
)
def test_a_pair_is_explained_in_a_sentence(shares: dict[str, float], words: str) -> None:
    assert in_a_sentence(explanation(**shares)) == words


def test_only_the_three_strongest_parts_are_named() -> None:
    told = in_a_sentence(explanation(mfcc=0.4, chroma=0.25, rhythm=0.2, mel_corr=0.15))
    assert told.startswith("Their timbre, harmony and rhythm bring")


def test_every_compared_block_of_every_profile_has_a_word() -> None:
    compared = {block.name for profile in PROFILES.values() for block in profile.blocks if block.compared}
    assert compared <= WORDS.keys()
    words = [WORDS[block.name].name for block in PROFILES["sonic"].blocks if block.compared]
    assert len(words) == len(set(words))


def test_a_block_that_nobody_wrote_a_word_for_keeps_its_own() -> None:
    assert block_word("my_network").name == "my network"


def test_shares_and_nearness_in_words() -> None:
    assert [signed_percent(share) for share in (0.244, -0.061, 0.001)] == ["+24%", "\N{MINUS SIGN}6%", "0%"]
    assert share_words(BlockShare("rhythm", -0.06, -0.1)) == "rhythm: keeps them apart, 6%"


def test_groups_are_named_by_how_much_a_pair_agrees_in_them_not_by_their_weight() -> None:
    blocks = (
        BlockShare("mfcc", 0.4, 0.5),
        BlockShare("contrast", 0.2, 0.5),
        BlockShare("chroma", 0.2, 0.9),
        BlockShare("rhythm", 0.01, 0.99),
        BlockShare("shape", -0.19, -0.6),
    )
    assert agreeing_groups(blocks) == ["harmony", "timbre"]
    assert agreeing_groups(()) == []


def test_at_most_three_groups_are_named() -> None:
    names = ("mfcc", "shape", "rhythm", "chroma", "mel_corr")
    blocks = tuple(BlockShare(name, 0.2, 0.5 + place / 10) for place, name in enumerate(names))
    assert agreeing_groups(blocks) == ["loudness", "harmony", "rhythm"]


def test_tempo_and_key_stand_side_by_side_and_once_where_they_are_the_same() -> None:
    one, other = Character(120.4, "C♯ minor", -10.0), Character(None, "C♯ minor", -12.0)
    assert facts(PairReason((), one, other)) == "120→– BPM · C♯m"
    assert facts_in_short(PairReason((), one, one)) == "120 · C♯m"
    assert facts_of(one) == "120 BPM · C♯ minor"
    nothing = Character(None, None, None)
    assert facts(PairReason((), nothing, nothing)) == ""
    assert reason_lines(PairReason((), nothing, nothing)) == []
    assert reason_lines(PairReason((), one, other))[0] == "Tempo: 120 BPM, here unknown."
