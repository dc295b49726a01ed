"""Where a server listens, and what others type to reach it."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator

import pytest

from musicplayer.server.addresses import Bound, CannotListen, addresses, bound, hosts, listen, network_addresses


@contextlib.contextmanager
def listening(host: str, port: int = 0) -> Iterator[list[socket.socket]]:
    sockets = listen(host, port)
    try:
        yield sockets
    finally:
        for one in sockets:
            one.close()


def test_this_machine_alone_reaches_the_loopback_address() -> None:
    with listening("127.0.0.1") as sockets:
        places, port = bound(sockets), sockets[0].getsockname()[1]
        assert places == (Bound("127.0.0.1", port),)
        assert hosts(places) == []
        assert addresses(places, scheme="http") == (f"http://127.0.0.1:{port}/",)
        assert addresses(places, scheme="https", base="/music") == (f"https://127.0.0.1:{port}/music/",)
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_everywhere_is_told_by_the_addresses_of_this_machine() -> None:
    with listening("0.0.0.0") as sockets:
        places, port = bound(sockets), sockets[0].getsockname()[1]
        assert hosts(places) == network_addresses()
        reached = network_addresses() or ["127.0.0.1"]
        assert addresses(places, scheme="http") == tuple(f"http://{host}:{port}/" for host in reached)


def test_one_address_of_the_network_is_told_alone() -> None:
    places = (Bound("192.168.1.7", 80),)
    assert hosts(places) == ["192.168.1.7"]
    assert addresses(places, scheme="http") == ("http://192.168.1.7:80/",)


def test_addresses_of_the_network_are_none_of_this_machine_alone() -> None:
    found = [ipaddress.ip_address(address) for address in network_addresses(with_ipv6=True)]
    assert not any(each.is_loopback or each.is_link_local for each in found)
    assert len(found) == len(set(found))


def test_all_addresses_of_a_name_have_the_same_port() -> None:
    with listening("localhost") as sockets:
        assert len({port for _, port in bound(sockets)}) == 1
        assert hosts(bound(sockets)) == []


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_ipv6_address_stands_in_brackets() -> None:
    try:
        with listening("::1") as sockets:
            places = bound(sockets)
            assert addresses(places, scheme="http") == (f"http://[::1]:{places[0].port}/",)
    except CannotListen:
        pytest.skip("no IPv6 here")


def test_a_port_that_is_taken_is_named_with_what_to_do() -> None:
    with listening("127.0.0.1") as sockets:
        port = sockets[0].getsockname()[1]
        with pytest.raises(CannotListen) as refused, listening("127.0.0.1", port):
            pass
    assert str(refused.value) == f"Another program has port {port}. End that program, or choose another port."


@pytest.mark.parametrize("host", ["192.0.2.7", "no.such.name.invalid", "x" * 70, "a b"])
def test_what_is_no_address_of_this_machine_is_named(host: str) -> None:
    with pytest.raises(CannotListen) as refused:
        listen(host, 0)
    assert str(refused.value).startswith(f"Nobody can be served at {host}.")
    assert "0.0.0.0" in str(refused.value)
