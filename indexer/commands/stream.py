"""Commands of real time: `indexer stream` takes what is played from a Kafka broker, and says how far it is."""

from __future__ import annotations

import typer

from indexer.commands.common import home_of, reported
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, Address, kafka_address

app = typer.Typer(help="What is played, taken from a Kafka broker as it happens.")


class NoBroker(SegueError):
    """No broker is set."""


@app.callback(invoke_without_command=True)
def stream_command(context: typer.Context) -> None:
    """Take what is played from a Kafka broker, keep it, and tell what is recommended next; ends when told to."""
    if context.invoked_subcommand is not None:
        return
    home = home_of(context)
    with reported():
        broker_of(home)


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
