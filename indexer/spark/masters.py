"""Where Spark runs, and what that asks of the rest: told from the master's address alone, without starting it."""

from __future__ import annotations

import ipaddress
import os
import re

from indexer.core.errors import SegueError
from indexer.core.store import Database

MASTER_VARIABLE = "SEGUE_SPARK_MASTER"
LOCAL_MASTER = "local[*]"

_STANDALONE = re.compile(r"^spark://(?P<hosts>[^/]+)$")


class DatabaseOutOfReach(SegueError):
    """Executors on other machines would look for the database on their own."""


def chosen_master(asked: str | None = None) -> str:
    """The master asked for, else that of SEGUE_SPARK_MASTER, else all cores of this machine."""
    return asked or os.environ.get(MASTER_VARIABLE) or LOCAL_MASTER


def extraction_master(asked: str | None = None) -> str | None:
    """Where files are analysed as a Spark job; None where worker processes of this machine do it without Spark.

    That is the master asked for, whichever it is, else that of SEGUE_SPARK_MASTER unless it is local: on one machine
    Spark is no faster at this than a pool of processes, and takes seconds to start.
    """
    if asked:
        return asked
    setting = os.environ.get(MASTER_VARIABLE)
    return setting if setting and not is_in_process(setting) else None


def is_in_process(master: str) -> bool:
    """Whether driver and executors are one JVM: `local`, `local[2]`, but not `local-cluster[…]`."""
    return master == "local" or master.startswith("local[")


def is_on_this_machine(master: str) -> bool:
    """Whether nothing of it runs elsewhere: local masters, and standalone ones at a loopback address."""
    if master.startswith("local"):
        return True
    standalone = _STANDALONE.match(master)
    return standalone is not None and all(is_loopback(host) for host in standalone["hosts"].split(","))


def is_loopback(address: str) -> bool:
    """Whether a host, with or without a port, is this machine for everyone who asks."""
    return any(_is_loopback_host(host) for host in (address, address.rpartition(":")[0]))


def require_reach(database: Database, master: str) -> None:
    """Return if executors of `master` find the database where the driver does.

    Raises:
        DatabaseOutOfReach: they are on other machines, and it answers on this one only.
    """
    hosts = database.address.split(", ")
    if is_on_this_machine(master) or not (database.is_managed or any(is_loopback(host) for host in hosts)):
        return
    raise DatabaseOutOfReach("database-out-of-reach", address=database.address, master=master)


def _is_loopback_host(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
