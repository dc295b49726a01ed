"""What a shared library and the machine that has it are called in the window."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from indexer.core.language import tr
from indexer.core.shared.server import Server


def machine_of(address: str) -> str:
    """The machine of an address as people call it: “kitchen” for `https://kitchen.local:4849`."""
    host = urlsplit(address).hostname or address
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.partition(".")[0]
    return host


def library_name(server: Server) -> str:
    """Whose library it is, and where."""
    machine = machine_of(server.address)
    if not server.listener:
        return tr("Library on {machine}", machine=machine)
    return tr("{listener}'s library on {machine}", listener=server.listener, machine=machine)


def library_caption(server: Server) -> str:
    """The same where there is little room."""
    machine = machine_of(server.address)
    return tr("{listener} on {machine}", listener=server.listener, machine=machine) if server.listener else machine
