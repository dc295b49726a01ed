"""What a report says of the Kafka broker: whether one is set and answers, and how much it is yet to be told."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indexer.core.follow.journal import Journal, Sink
from indexer.core.home import Home
from indexer.core.kafka.address import Address, AddressRefused, kafka_address
from indexer.core.settings import Settings
from indexer.core.tracks import Seconds
from musicplayer.diagnose.allowed import sentence

WAIT_SECONDS: Seconds = 3.0
"""That a broker may take to answer."""


def broker(home: Home, settings: Settings, wait: Seconds = WAIT_SECONDS) -> dict[str, Any]:
    """Numbers and sentences of ours; nothing of the address but how it is reached."""
    try:
        address = kafka_address(home, settings.kafka)
    except AddressRefused as error:
        return {"set": sentence(error.message)} | _waiting(home)
    if address is None:
        return {"set": False}
    shared = {"told by": "the server of the library"} if home.server_file.exists() else {}
    return {"set": _words(address), "answers": _answers(address, wait)} | shared | _waiting(home)


def _words(address: Address) -> dict[str, Any]:
    return {
        "encrypted": address.tls,
        "login": address.mechanism if address.name else "none",
        "hosts": address.servers.count(",") + 1,
        "ports": [server.rpartition(":")[2] for server in address.servers.split(",")],
    }


def _answers(address: Address, wait: Seconds) -> dict[str, Any] | str:
    from indexer.core.kafka.broker import KafkaAway, KafkaMissing, topics_at  # noqa: PLC0415 - only where one is set

    try:
        return {"topics": [topic.value for topic in topics_at(address, wait)]}
    except (KafkaAway, KafkaMissing) as error:
        return sentence(error.message)


def _waiting(home: Home) -> dict[str, Any]:
    """Of each journal, read from a copy: the player may be writing to it."""
    files = {"player": home.journal_file, "server": home.server_journal_file}
    return {"notes that wait": {name: _open_in(file) for name, file in files.items() if file.exists()}}


def _open_in(file: Path) -> int:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        shutil.copyfile(file, copy)
        return len(Journal(copy, Sink).open_notes(Sink.STREAM))
