"""Where the server listens, and by which addresses others reach it: sockets, this machine's names and networks."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Sequence
from errno import EACCES, EADDRINUSE
from typing import NamedTuple

import psutil

from indexer.core.errors import SegueError

BACKLOG = 512
LOOPBACK = "127.0.0.1"

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
_INNER = ("docker", "br-", "veth", "virbr", "vmnet", "cni")
"""Beginnings of the names of networks inside this machine, which nobody else is in."""
_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that are set aside for documents (RFC 5737, RFC 3849): nothing is sent there, but a way is chosen."""


class CannotListen(SegueError):
    """The address or port is not to be had."""


class Bound(NamedTuple):
    """An address that is listened at, and the port."""

    host: str
    port: int


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that take connections, one for each address that `host` stands for.

    Args:
        host: an address of this machine, a name of it, or 0.0.0.0 or :: for all of them.
        port: 0 for any that is free.

    Raises:
        CannotListen: another program has the port, it is not to be had, or the address is none of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:  # a label of more than 63 characters cannot be encoded
        raise CannotListen("server-address", address=host, detail=_reason(error)) from error
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            taken = sockets[0].getsockname()[1] if sockets else port  # of several addresses all have the same
            sockets.append(_listening(socket.socket(family, kind, protocol), (address[0], taken, *address[2:])))
    except OSError as error:
        for one in sockets:
            one.close()
        raise _cannot(error, host, port) from error
    return sockets


def bound(sockets: Sequence[socket.socket]) -> tuple[Bound, ...]:
    """Where sockets listen that `listen` gave."""
    return tuple(Bound(_host_of(one), int(one.getsockname()[1])) for one in sockets)


def hosts(places: Sequence[Bound]) -> list[str]:
    """By which addresses others reach this machine there at present, the likeliest first; none where they do not."""
    found: list[str] = []
    for host, _ in places:
        found += network_addresses(with_ipv6=host == "::") if host in _EVERYWHERE else [host]
    return [host for host in dict.fromkeys(found) if _is_of_network(host)]


def addresses(places: Sequence[Bound], *, scheme: str, base: str = "") -> tuple[str, ...]:
    """What to type into a browser at present: what others reach, or where that is nothing, what this machine does.

    Args:
        places: where the server listens.
        scheme: http or https.
        base: the path that everything lies below, such as `/music`.
    """
    own = [LOOPBACK if host in _EVERYWHERE else host for host, _ in places]
    found = dict.fromkeys(hosts(places) or own)
    return tuple(f"{scheme}://{f'[{each}]' if ':' in each else each}:{places[0].port}{base}/" for each in found)


def network_addresses(with_ipv6: bool = False) -> list[str]:
    """Addresses of this machine in its networks, the one by which it reaches others first; none where it has none."""
    families = (socket.AF_INET, socket.AF_INET6) if with_ipv6 else (socket.AF_INET,)
    outward = [address for family in families if (address := _outward(family)) and _is_of_network(address)]
    states = psutil.net_if_stats()
    found = [
        each.address
        for name, each_of in psutil.net_if_addrs().items()
        for each in each_of
        if each.family in families and not name.startswith(_INNER) and (name not in states or states[name].isup)
    ]
    return list(dict.fromkeys([*outward, *(address for address in found if _is_of_network(address))]))


def _listening(one: socket.socket, address: tuple[object, ...]) -> socket.socket:
    try:
        if os.name == "posix":  # elsewhere it would let two programs have one port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if one.family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
        one.bind(address)
        one.listen(BACKLOG)
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one


def _cannot(error: OSError, host: str, port: int) -> CannotListen:
    if error.errno == EADDRINUSE:
        return CannotListen("server-port-taken", port=str(port))
    if error.errno == EACCES:
        return CannotListen("server-port-refused", port=str(port))
    return CannotListen("server-address", address=host, detail=_reason(error))


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _host_of(one: socket.socket) -> str:
    return str(one.getsockname()[0]).partition("%")[0]


def _outward(family: socket.AddressFamily) -> str | None:
    """The address that this machine sends from; none where it is in no network."""
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as one:
        one.connect((_ELSEWHERE[family], 9))
        return _host_of(one)
    return None


def _is_of_network(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not (found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast)
