"""The words for what the model hears, how it was built and how well it answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.core.model import Manifest
from indexer.core.model.explain import BlockShare, Character, Explanation
from indexer.core.model.profiles import PROFILES
from musicplayer.ui.indexing.model_card import card_of, card_text, provisional_card
from musicplayer.ui.similar.panel_words import WORDS, block_word, in_a_sentence, share_words, signed_percent
from musicplayer.ui.similar.sound_table import sound_words

UNKNOWN = Character(None, None, None)
MANIFEST = Manifest(
    id="one", profile="sonic", profile_key="sonic:2", tracks=106_574, dims=64, neighbours=200, tables=32, hashes=14,
    bucket_length=1.0, probes=7, seed=0, recall=0.9561, recall_sample=1_000, list_recall=0.99996,
    candidate_share=0.0104, largest_bucket=812, built_at="2026-11-21T07:37:36+00:00", spark_version="4.3.0",
    seconds=252.0, join="lsh", join_reason="Above 100,000 tracks that is cheaper.", seconds_by_step={"joining": 130.0},
    hubness={"skewness": -0.2, "raw_skewness": 1.4, "biggest": 47.0, "never": 0.0004}, comparable=106_570,
    smoothed=True,
)  # fmt: skip


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


def test_tempo_key_and_loudness_in_words() -> None:
    assert sound_words(Character(119.6, "C♯ minor", -14.2)) == ("120 BPM", "C♯ minor", "\N{MINUS SIGN}14 dB")
    assert sound_words(Character(None, None, -14.2))[:2] == ("–", "no clear key")
    assert sound_words(UNKNOWN) == ("–", "–", "–")


def test_the_card_names_every_figure_and_explains_it() -> None:
    sections = card_of(MANIFEST)
    facts = {fact.name: fact for section in sections for fact in section.facts}
    assert {name: fact.value for name, fact in facts.items() if name != "Built"} == {
        "Tracks": "106,574",
        "Can be recommended": "106,570",
        "Profile": "sonic, version 2",
        "Recall@10": "95.6% over 1,000 tracks",
        "Recall of the lists": "99.9%",
        "Compared per question": "1.0% of the library",
        "Tables × hashes × probes": "32 × 14 × 7",
        "Lists come from": "tracks that share a bucket compared",
        "Smoothed": "yes",
        "Hub skewness": "\N{MINUS SIGN}0.20; 1.40 before distances were scaled",
        "Biggest hub": "in 47 lists of ten",
        "Never recommended": "0.1% of the tracks",
    }
    assert facts["Built"].value.endswith(", in 4 min")
    assert "joining (2 min)" in facts["Built"].about
    assert facts["Biggest hub"].about == "The most recommended track is in 47 lists of ten; by chance 10."
    assert all(fact.about for fact in facts.values())
    text = card_text("The model", "Measured.", sections)
    assert all(f"{fact.name}: {fact.value}" in text and fact.about in text for fact in facts.values())


def test_a_card_of_a_model_whose_hubs_were_not_measured_leaves_them_out() -> None:
    titles = [section.title for section in card_of(replace(MANIFEST, hubness={}))]
    assert "How evenly it recommends" not in titles


def test_the_card_of_a_provisional_model_tells_how_much_was_heard() -> None:
    (section,) = provisional_card(replace(MANIFEST, provisional=True), 312, 8_000)
    assert section.facts[0].value == "312 of 8,000 tracks"


def test_groups_are_named_by_how_much_a_pair_agrees_in_them_not_by_their_weight() -> None:
    from musicplayer.ui.similar.panel_words import agreeing_groups

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
    from musicplayer.ui.similar.panel_words import agreeing_groups

    names = ("mfcc", "shape", "rhythm", "chroma", "mel_corr")
    blocks = tuple(BlockShare(name, 0.2, 0.5 + place / 10) for place, name in enumerate(names))
    assert agreeing_groups(blocks) == ["loudness", "harmony", "rhythm"]


def test_tempo_and_key_stand_side_by_side_and_once_where_they_are_the_same() -> None:
    from indexer.core.model.explain import Character
    from musicplayer.discover.reasons import Reason
    from musicplayer.ui.similar.panel_words import facts, facts_in_short, facts_of, reason_lines

    one, other = Character(120.4, "C♯ minor", -10.0), Character(None, "C♯ minor", -12.0)
    assert facts(Reason((), one, other)) == "120→– BPM · C♯m"
    assert facts_in_short(Reason((), one, one)) == "120 · C♯m"
    assert facts_of(one) == "120 BPM · C♯ minor"
    nothing = Character(None, None, None)
    assert facts(Reason((), nothing, nothing)) == ""
    assert reason_lines(Reason((), nothing, nothing)) == []
    assert reason_lines(Reason((), one, other))[0] == "Tempo: 120 BPM, here unknown."


def test_a_percentile_is_rounded_down_and_finer_near_the_end() -> None:
    from musicplayer.ui.look.words import percentile

    shares = (0.0, 0.456, 0.992, 0.9989, 0.99999, 1.0)
    assert [percentile(share) for share in shares] == ["0%", "45%", "99.2%", "99.8%", "99.99%", "100%"]
