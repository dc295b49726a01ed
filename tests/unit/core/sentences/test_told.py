"""Codes and values become sentences, in English and in the language that is spoken."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from indexer.core.audio.errors import CorruptFile
from indexer.core.errors import SegueError
from indexer.core.events import Failed, Notice, decode, encode
from indexer.core.sentences.told import plain, recognised, shown, told
from indexer.core.store.faults import DatabaseUnavailable


def test_an_error_is_english_as_text_and_speaks_the_language_in_its_sentences(german: None) -> None:
    error = SegueError("folder-missing", folder=Path("/music"))
    assert str(error) == "There is no folder /music. Check the spelling, or mount its drive."
    assert error.message == "Es gibt keinen Ordner /music."
    assert json.loads(json.dumps(error.told)) == {"code": "folder-missing", "values": {"folder": "/music"}}


def test_errors_cross_process_boundaries_unchanged() -> None:
    for error in (DatabaseUnavailable("database-silent", address="h:1", then="Wait."), CorruptFile("/m/a.mp3", "x")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.told, str(again)) == (type(error), error.told, str(error))


def test_counts_have_separators_and_names_have_none(german: None) -> None:
    few = Notice("few-audible", {"tracks": 12_345, "number": 1, "fewest": 2})
    assert few.message == "Von 12.345 Titeln enthalten 1 genug Ton; ähnliche Titel brauchen 2."
    assert "12345" in Notice("indexer-busy-process", {"process": "12345", "folder": "/x"}).message


@pytest.mark.parametrize(("number", "sentence"), [(1, "1 track is analysed"), (2, "2 tracks are analysed")])
def test_the_number_chooses_the_form(number: int, sentence: str) -> None:
    assert SegueError("few-analysed", number=number, fewest=2).message.startswith(sentence)


def test_figures_keep_their_decimals(german: None) -> None:
    values = {"name": "a.mp3", "seconds": 2.5}
    assert "2,5 s" in Notice("file-too-slow", values).message
    assert "2.5 s" in Notice("file-too-slow", values).english


def test_sentences_lie_in_others_and_lists_are_listed(german: None) -> None:
    waiting = Notice("database-waiting", {"what": DatabaseUnavailable("database-silent", address="h:1").told})
    assert waiting.message.startswith("Die Datenbank unter h:1 antwortet nicht. Es wird")
    kinds = [told("kind-count", kind=".mid", number=2), told("kind-others", number=1234)]
    assert ": .mid 2, andere 1.234." in Notice("kinds-unknown", {"number": 3, "folder": "/m", "kinds": kinds}).message


def test_the_advice_may_depend_on_more_than_the_code() -> None:
    advice = told("spark-rescan", file="/log")
    assert SegueError("spark-died", master="local", then=advice).advice.startswith("What was analysed is kept; /log")
    assert SegueError("database-silent", address="h:1", then="Look at it.").advice == "Look at it."


def test_what_another_version_says_is_shown_as_far_as_it_goes() -> None:
    assert "no-such-code" in Notice("no-such-code", {"number": 3}).message
    assert Notice("no-such-code").advice == ""
    assert Notice("folder-missing").message == "There is no folder …."
    assert Notice("file-too-slow", {"name": [1, {"x": 2}], "seconds": "long"}).message.startswith("1, {")


def test_figures_that_another_version_does_not_tell_leave_gaps() -> None:
    assert Notice("model-built", {"number": 3}).message.startswith("Similarity model of 3 tracks, built in … s")


def test_an_event_with_sentences_of_the_version_before_still_shows() -> None:
    old = [
        {"v": 1, "event": "notice", "message": "It goes on."},
        {"v": 1, "event": "failed", "message": "There is no Java.", "advice": "Install it."},
        {
            "v": 1,
            "event": "problem",
            "path": "/a",
            "problem": "empty",
            "message": "Gone.",
            "advice": "Wait.",
        },
    ]
    events = [decode(json.dumps(record)) for record in old]
    assert [event and (event.message, event.advice) for event in events] == [  # type: ignore[union-attr]
        ("It goes on.", ""), ("There is no Java.", "Install it."), ("Gone.", "Wait."),
    ]  # fmt: skip


def test_values_of_an_event_are_kept_unless_they_are_none() -> None:
    event = Failed("few-analysed", {"number": 1, "fewest": 2})
    assert decode(encode(event)) == event
    for values in ("[]", "3", '{"number": 1e300}', '{"a": ' + "[" * 20 + "]" * 20 + "}"):
        assert decode(f'{{"v": 2, "event": "failed", "code": "few-analysed", "values": {values}}}') is None


def test_a_problem_of_the_version_before_finds_its_code(german: None) -> None:
    old = {"message": "a.mp3 is damaged. (no frame) (0:12)", "advice": "Replace it with a sound copy."}
    code, values = recognised(old, name="a.mp3")
    assert (code, values["name"]) == ("file-corrupt", "a.mp3")
    assert Notice(code, values).message == "a.mp3 ist beschädigt. (no frame) (0:12)"
    other = {"message": "a.mp3 has gone mad.", "advice": "Wait."}
    assert recognised(other, name="a.mp3") == plain("a.mp3 has gone mad.", "Wait.")


def test_a_sentence_may_be_kept_as_its_text_too(german: None) -> None:
    assert shown(told("join-few")) == "Wenige Titel sind in kürzester Zeit mit allen verglichen."
    assert shown("As it was.") == "As it was."
