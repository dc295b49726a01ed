"""Commands of real time: `indexer stream` takes what is played from a Kafka broker, and says how far it is."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from indexer.commands.common import JsonOption, home_of, log, print_json, reported, warn
from indexer.commands.console import out
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, Address, kafka_address

app = typer.Typer(help="What is played, taken from a Kafka broker as it happens.")

StatusOption = Annotated[bool, typer.Option("--status", help="Say how far those are that take, and end.")]


class NoBroker(SegueError):
    """No broker is set."""


@app.callback(invoke_without_command=True)
def stream_command(context: typer.Context, status: StatusOption = False, as_json: JsonOption = False) -> None:
    """Take what is played from a Kafka broker, keep it, and tell what is recommended next; ends when told to."""
    if context.invoked_subcommand is not None:
        return
    home = home_of(context)
    with reported():
        address = broker_of(home)
        if status:
            _show(home, address, as_json=as_json)
        else:
            _take(home, address)


def broker_of(home: Home) -> Address:
    """The broker that is set.

    Raises:
        NoBroker: none is.
        AddressRefused: what is set gives none.
    """
    address = kafka_address(home)
    if address is None:
        raise NoBroker("kafka-none", variable=ADDRESS_VARIABLE)
    return address


def _take(home: Home, address: Address) -> None:
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - counts the libraries that are loaded by now

    from indexer.streaming.consumer import Consumer  # noqa: PLC0415 - likewise

    with threadpool_limits(1, "blas"):  # processes share the cores better than threads do
        consumer = Consumer(home, address)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: consumer.stop())
        warn(f"Taking what is played from {address}; Ctrl+C ends it.")
        log.info("taking from %s", address)
        consumer.run()


def _show(home: Home, address: Address, *, as_json: bool) -> None:
    from indexer.streaming.status import status_of  # noqa: PLC0415 - as above

    found = status_of(home, address)
    if as_json:
        print_json(found.as_record())
    else:
        for line in found.lines():
            out.print(line, highlight=False, markup=False, soft_wrap=True)
