"""Tells a broker that a new model is in use, where one is set: at once or not at all."""

from __future__ import annotations

import time

from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Notice
from indexer.core.home import Home
from indexer.core.kafka.address import Topic, kafka_address
from indexer.core.tracks import Seconds

_TOPIC_SECONDS: Seconds = 1.0
_SECONDS: Seconds = 2.0
"""That answers are waited for; a broker that is away is known by the first."""


class ModelUntold(SegueError):
    """A broker was not told of a model, which is in use all the same."""


def announced(home: Home, profile: str, model: str, on_event: EventSink) -> None:
    """Tell the broker of a model, as `announce_model` does; that it does not listen is told, and hinders nothing."""
    try:
        announce_model(home, profile, model)
    except ModelUntold as error:
        on_event(Notice(error.code, error.values))


def announce_model(home: Home, profile: str, model: str) -> bool:
    """Tell the broker of a home of a new model; takes a second where it is away, and nothing where no broker is set.

    Args:
        home: whose settings name the broker.
        profile: what the model is of: "taste", or a profile of sound.
        model: its version.

    Returns:
        Whether there is a broker, which has it now.

    Raises:
        ModelUntold: there is one, and it does not answer.
    """
    try:
        address = kafka_address(home)
        if address is None:
            return False
        # Whoever has no broker need not load what speaks to one.
        from indexer.core.kafka.broker import KafkaAway, Outlet, make_topics  # noqa: PLC0415
        from indexer.core.kafka.events import ModelMade, model_message  # noqa: PLC0415

        make_topics(address, [Topic.MODELS], _TOPIC_SECONDS)
        outlet, failures = Outlet(address), list[SegueError]()
        outlet.send(
            *model_message(ModelMade(profile, model, time.time())),
            done=lambda error: None if error is None else failures.append(error),
        )
        settled = outlet.settle(_SECONDS)
        outlet.abandon()
        if failures or not settled:
            raise failures[0] if failures else KafkaAway("kafka-lost", address=str(address))
    except SegueError as error:
        raise ModelUntold("model-untold", reason=error) from error
    return True
