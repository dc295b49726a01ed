"""What a similarity model is and how well it answers, figure by figure, each with a sentence that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale

from indexer.core.language import code, mark, number, tr, trn
from indexer.core.phrases import listed, per_cent, span
from indexer.core.sentences.told import shown

if TYPE_CHECKING:
    from indexer.core.model import Manifest

LIST = 10
"""Length of the lists that recall and hubs are measured on; so many lists a track is in by chance."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
_JOINS = {"exact": mark("every track compared with every other"), "lsh": mark("tracks that share a bucket compared")}


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


def provisional_card(manifest: Manifest, analysed: int, tracks: int) -> tuple[Section, ...]:
    """The card of a model that stands in until one is built: of `tracks` in the library it has `analysed` some."""
    facts = (
        Fact(
            tr("Analysed"),
            tr("{analysed} of {tracks} tracks", analysed=number(analysed), tracks=number(tracks)),
            tr("Each joins in as soon as it is analysed."),
        ),
        Fact(
            tr("Compared per question"),
            tr("every track analysed"),
            tr("So that nothing near is missed, while there are few."),
        ),
        Fact(
            tr("Learnt from"),
            tr("other music"),
            tr("What tells tracks apart is learnt from your own when the index is built."),
        ),
        _profile(manifest),
    )
    return (Section(tr("The model"), facts),)


def card_of(manifest: Manifest) -> tuple[Section, ...]:
    """The card of a model that was built."""
    return (
        Section(tr("The model"), (_tracks(manifest), _comparable(manifest), _built(manifest), _profile(manifest))),
        Section(tr("How well it answers"), (_recall(manifest), _list_recall(manifest), _compared(manifest))),
        Section(tr("How it was made"), (_tables(manifest), _join(manifest), _smoothed(manifest))),
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
    return Fact(
        tr("Tracks"), number(manifest.tracks), tr("Those it was built from; what is analysed later joins in at once.")
    )


def _comparable(manifest: Manifest) -> Fact:
    left = manifest.tracks - manifest.comparable
    about = tr(
        "The rest, {number}, can be asked about, but holds too little sound to be an answer.", number=number(left)
    )
    if not left:
        about = tr("All hold enough sound to be recommended.")
    return Fact(tr("Can be recommended"), number(manifest.comparable), about)


def _built(manifest: Manifest) -> Fact:
    steps = sorted(manifest.seconds_by_step.items(), key=lambda step: -step[1])
    longest = [f"{tr(name)} ({span(seconds).replace(' ', _NO_BREAK)})" for name, seconds in steps[:2] if seconds >= 1]
    about = tr("Built by Spark {version}.", version=manifest.spark_version)
    if longest:
        about += " " + tr("What took longest: {steps}.", steps=listed(longest))
    return Fact(tr("Built"), tr("{date}, in {time}", date=_when(manifest.built_at), time=span(manifest.seconds)), about)


def _profile(manifest: Manifest) -> Fact:
    name, _, version = manifest.profile_key.partition(":")
    return Fact(
        tr("Profile"),
        tr("{name}, version {version}", name=name, version=version) if version else name,
        trn(
            "Which features of the sound are compared; a track becomes {number} number.",
            "Which features of the sound are compared; a track becomes {number} numbers.",
            manifest.dims,
        ),
    )


def _recall(manifest: Manifest) -> Fact:
    return Fact(
        tr("Recall@10"),
        trn(
            "{share} over {number} track",
            "{share} over {number} tracks",
            manifest.recall_sample,
            share=_per_cent(manifest.recall),
        ),
        tr(
            "How many of the {number} truly nearest tracks a search finds, for a new file for example.",
            number=LIST,
        ),
    )


def _list_recall(manifest: Manifest) -> Fact:
    return Fact(
        tr("Recall of the lists"),
        _per_cent(manifest.list_recall),
        tr(
            "The same of the stored lists of the {number} nearest, which answer for known tracks.",
            number=manifest.neighbours,
        ),
    )


def _compared(manifest: Manifest) -> Fact:
    return Fact(
        tr("Compared per question"),
        tr("{share} of the library", share=_per_cent(manifest.candidate_share)),
        tr("Whose exact distance a search computes; a small share is what makes it fast in a large library."),
    )


def _tables(manifest: Manifest) -> Fact:
    return Fact(
        tr("Tables × hashes × probes"),
        f"{manifest.tables} × {manifest.hashes} × {manifest.probes}",
        tr("Hash tables, projections that make up a bucket, and further buckets looked into per table.")
        + " "
        + trn(
            "The fullest bucket holds {number} track.",
            "The fullest bucket holds {number} tracks.",
            manifest.largest_bucket,
        ),
    )


def _join(manifest: Manifest) -> Fact:
    return Fact(
        tr("Lists come from"),
        tr(_JOINS.get(manifest.join, manifest.join)),
        shown(manifest.join_reason) or tr("No reason was kept."),
    )


def _smoothed(manifest: Manifest) -> Fact:
    about = tr("Each track is drawn a little towards its three nearest, which evens out chance in its analysis.")
    return Fact(tr("Smoothed"), tr("yes") if manifest.smoothed else tr("no"), about)


def _hubs(manifest: Manifest) -> tuple[Section, ...]:
    hubs = manifest.hubness
    if not {"skewness", "biggest", "never"} <= hubs.keys():
        return ()
    skewness = _signed(hubs["skewness"])
    if "raw_skewness" in hubs:
        skewness = tr(
            "{scaled}; {raw} before distances were scaled", scaled=skewness, raw=number(hubs["raw_skewness"], 2)
        )
    biggest = round(hubs["biggest"])
    facts = (
        Fact(
            tr("Hub skewness"),
            skewness,
            tr("Whether a few tracks are recommended again and again: 0 is even, above 1 a few hubs rule."),
        ),
        Fact(
            tr("Biggest hub"),
            trn("in {number} list of ten", "in {number} lists of ten", biggest),
            trn(
                "The most recommended track is in {number} list of ten; by chance {expected}.",
                "The most recommended track is in {number} lists of ten; by chance {expected}.",
                biggest,
                expected=LIST,
            ),
        ),
        Fact(
            tr("Never recommended"),
            tr("{share} of the tracks", share=_per_cent(hubs["never"])),
            tr("Tracks that are in nobody’s list of ten."),
        ),
    )
    return (Section(tr("How evenly it recommends"), facts),)


def _when(built_at: str) -> str:
    """Day and time where the reader is."""
    try:
        moment = datetime.fromisoformat(built_at)
    except ValueError:
        return built_at
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale(code()).toString(local, tr("d MMMM yyyy, HH:mm"))


def _per_cent(share: float) -> str:
    """`99.5%`, `60.1%`, `0%`, `100%`; never rounded up to all, nor down to none."""
    shown = min(max(share, 0.0), 1.0) * 100
    if shown in {0.0, 100.0}:
        return per_cent(shown)
    return per_cent(min(max(shown, 0.1), 99.9), 1)


def _signed(value: float) -> str:
    return number(value, 2).replace("-", "\N{MINUS SIGN}")
