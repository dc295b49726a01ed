"""What is said of the group of processes, in lines for a person."""

from __future__ import annotations

from typing import Any

from indexer.core.home import Home
from indexer.core.kafka.address import Topic
from indexer.streaming.figures import Figures
from indexer.streaming.status import PlaceStatus, StreamStatus


def lines(*processes: dict[str, Any]) -> str:
    places = [PlaceStatus(Topic.PLAYS, 0, 12, 10, 2), PlaceStatus(Topic.PLAYS, 1, 3, None, 3)]
    return "\n".join(StreamStatus("kafka://host:9092/segue", "segue-plays", places, processes).lines())


def test_what_is_yet_to_be_done_and_that_nobody_does_it_is_said() -> None:
    said = lines()
    assert "5 events are yet to be done" in said
    assert "run indexer stream" in said


def test_where_there_is_no_model_it_is_said_how_one_is_made(home: Home) -> None:
    figures = Figures(home).record()
    assert "indexer taste build" in lines(figures | {"model": ""})
    assert "indexer taste build" not in lines(figures | {"model": ""}, figures | {"model": "made-0"})
    assert "indexer taste build" not in lines()


def test_a_process_without_a_share_is_said_to_take_nothing_yet(home: Home) -> None:
    figures = Figures(home).record() | {"model": "made-0"}
    assert "takes nothing yet" in lines(figures | {"places": 0})
    assert "takes nothing yet" not in lines(figures | {"places": 3})
