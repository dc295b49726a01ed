"""The thread that follows what others tell: what is recommended to listeners, and which models are in use."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import Inlet, KafkaAway, KafkaLost, KafkaMissing, make_topics
from indexer.core.kafka.events import MessageRefused, ModelMade, list_of, model_of
from indexer.core.plays import ListenerId
from indexer.core.taste.live import LiveList
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

BACK: Seconds = DAY
"""How old a list may be that is taken up at the start; an older one says nothing of today."""

_WAIT_SECONDS: Seconds = 0.5
_AT_ONCE = 500
_FIRST_RETRY: Seconds = 0.5
_LONGEST_RETRY: Seconds = 30.0


class Following(threading.Thread):
    """Runs until told to stop. A daemon, for a broker that does not answer."""

    def __init__(
        self,
        address: Address,
        *,
        recommended: Callable[[LiveList], None],
        model: Callable[[ModelMade], None] = lambda _: None,
        wanted: Callable[[ListenerId], bool] = lambda _: True,
    ) -> None:
        """Tell of lists of the listeners that are `wanted`, and of models; all are called in this thread."""
        super().__init__(name="segue-kafka-in", daemon=True)
        self._address = address
        self._recommended = recommended
        self._model = model
        self._wanted = wanted
        self._stopping = threading.Event()
        self._since = time.time() - BACK

    def stop(self) -> None:
        """End after the next message or half a second."""
        self._stopping.set()

    def run(self) -> None:
        retry = _FIRST_RETRY
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._follow()
            except KafkaMissing:
                return  # whoever tells says so
            except SegueError as error:
                _log.info("broker: %s: %s", error.code, nameless(error.english))
            except Exception as error:  # noqa: BLE001 - reported; the thread is the only one there is
                _log.exception("following the broker failed: %s", type(error).__name__)
            if time.monotonic() - began > _LONGEST_RETRY:
                retry = _FIRST_RETRY
            self._stopping.wait(retry)
            retry = min(2 * retry, _LONGEST_RETRY)

    def _follow(self) -> None:
        make_topics(self._address)
        inlet = Inlet(self._address, (Topic.RECOMMENDATIONS, Topic.MODELS))
        try:
            inlet.follow(self._since)
            while not self._stopping.is_set():
                messages = inlet.receive(_AT_ONCE, _WAIT_SECONDS)
                if inlet.is_lost:  # a broker that was killed may give offsets that were read to other messages
                    raise KafkaLost("kafka-lost", address=str(self._address))
                for message in messages:
                    self._since = max(self._since, message.at)
                    try:
                        if message.place.topic is Topic.MODELS:
                            self._model(model_of(message))
                        elif message.value and self._wanted(ListenerId(message.key)):
                            self._recommended(list_of(message))
                    except MessageRefused as error:
                        _log.info("passed over: %s", error.code)
        except KafkaAway:
            if not self._stopping.is_set():
                raise
        finally:
            inlet.close()
