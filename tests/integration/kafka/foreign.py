"""Clients of Kafka that others wrote: each reads a topic from its beginning and writes to it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from tests.brokers import Broker

SECONDS = 30.0


@dataclass(frozen=True)
class Record:
    """What a client says of a message."""

    key: str
    value: bytes
    partition: int


@dataclass(frozen=True)
class Client:
    """Reads so many messages of a topic, and writes some of one key, in order."""

    read: Callable[[str, str, int], list[Record]]
    write: Callable[[str, str, Iterable[tuple[str, bytes]]], None]


def _read_by_kafka_python(server: str, topic: str, count: int) -> list[Record]:
    from kafka import KafkaConsumer

    found: list[Record] = []
    reader = KafkaConsumer(
        topic,
        bootstrap_servers=server,
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=int(SECONDS * 1_000),
    )
    try:
        for each in reader:
            found.append(Record(each.key.decode(), each.value, each.partition))
            if len(found) == count:
                break
    finally:
        reader.close()
    return found


def _write_by_kafka_python(server: str, topic: str, messages: Iterable[tuple[str, bytes]]) -> None:
    from kafka import KafkaProducer

    writer = KafkaProducer(bootstrap_servers=server)
    try:
        for key, value in messages:
            writer.send(topic, key=key.encode(), value=value).get(SECONDS)
    finally:
        writer.close()


def _read_by_aiokafka(server: str, topic: str, count: int) -> list[Record]:
    from aiokafka import AIOKafkaConsumer

    async def read() -> list[Record]:
        reader = AIOKafkaConsumer(topic, bootstrap_servers=server, auto_offset_reset="earliest", group_id=None)
        await reader.start()
        found: list[Record] = []
        try:
            async with asyncio.timeout(SECONDS):
                while len(found) < count:
                    for some in (await reader.getmany(timeout_ms=200)).values():
                        found += [Record(each.key.decode(), each.value, each.partition) for each in some]
        finally:
            await reader.stop()
        return found

    return asyncio.run(read())


def _write_by_aiokafka(server: str, topic: str, messages: Iterable[tuple[str, bytes]]) -> None:
    from aiokafka import AIOKafkaProducer

    async def write() -> None:
        writer = AIOKafkaProducer(bootstrap_servers=server)
        await writer.start()
        try:
            for key, value in messages:
                await writer.send_and_wait(topic, value, key=key.encode())
        finally:
            await writer.stop()

    asyncio.run(write())


def _read_by_kcat(server: str, topic: str, count: int) -> list[Record]:
    command = ["kcat", "-b", server, "-C", "-t", topic, "-o", "beginning", "-c", str(count), "-q", "-f", "%k\t%p\t%s\n"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    lines = (line.split(b"\t", 2) for line in done.stdout.splitlines())
    return [Record(key.decode(), value, int(partition)) for key, partition, value in lines]


def _write_by_kcat(server: str, topic: str, messages: Iterable[tuple[str, bytes]]) -> None:
    lines = b"".join(b"%s\t%s\n" % (key.encode(), value) for key, value in messages)
    command = ["kcat", "-b", server, "-P", "-t", topic, "-K", "\t", "-X", "partitioner=murmur2_random"]
    subprocess.run(command, input=lines, capture_output=True, check=True, timeout=SECONDS)


CLIENTS = {
    "kafka-python": Client(_read_by_kafka_python, _write_by_kafka_python),
    "aiokafka": Client(_read_by_aiokafka, _write_by_aiokafka),
    "kcat": Client(_read_by_kcat, _write_by_kcat),
}


def client_for(name: str, broker: Broker) -> Client:
    """The client of a name; skips where it is not to be had, or does not understand the broker."""
    if name != "kcat":
        pytest.importorskip({"kafka-python": "kafka"}.get(name, name))
    elif shutil.which("kcat") is None:
        pytest.skip("kcat is not installed (apt-get install kcat)")
    elif broker.kind == "tansu":
        pytest.skip("kcat 1.7 does not understand tansu's answers: “Read underflow”")
    return CLIENTS[name]
