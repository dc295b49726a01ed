"""The words for what the model hears, how it was built and how well it answers."""

from __future__ import annotations

from dataclasses import replace

from indexer.core.model import Manifest
from indexer.core.model.explain import Character
from musicplayer.ui.indexing.model_card import card_of, card_text, provisional_card
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
    assert "joining (2\N{NO-BREAK SPACE}min)" in facts["Built"].about
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
