"""What is said in the local network, heard by another program of the same kind over the loopback interface."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from musicplayer.server.announcing import SECURE_WEB, SUBSONIC, WEB, announced

zeroconf = pytest.importorskip("zeroconf", reason="the extra `network` is not installed")
LOOPBACK = ["127.0.0.1"]
PORT = 4849
WAIT = 20.0


def heard(kinds: list[str], *, secure: bool, base: str = "") -> dict[str, Any]:
    """What a program that browses hears of a server that is announced, by kind."""

    async def listen() -> dict[str, Any]:
        from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

        found, all_found = dict[str, Any](), asyncio.Event()

        def on_change(name: str, service_type: str, **_: object) -> None:
            found.setdefault(service_type, AsyncServiceInfo(service_type, name))
            if len(found) == len(kinds):
                all_found.set()

        there = AsyncZeroconf(interfaces=LOOPBACK)
        browser = AsyncServiceBrowser(there.zeroconf, kinds, handlers=[on_change])
        try:
            async with announced(PORT, LOOPBACK, base=base, secure=secure, interfaces=LOOPBACK):
                await asyncio.wait_for(all_found.wait(), WAIT)
                for info in found.values():
                    assert await info.async_request(there.zeroconf, 1000 * WAIT)
        finally:
            await browser.async_cancel()
            await there.async_close()
        return found

    return asyncio.run(listen())


def test_apps_find_the_address_the_port_and_the_path() -> None:
    found = heard([SUBSONIC, WEB], secure=False, base="/music")
    for info in found.values():
        assert info.parsed_addresses() == LOOPBACK
        assert info.port == PORT
        assert info.decoded_properties == {"path": "/music/"}


def test_with_tls_it_is_no_plain_web_server() -> None:
    assert set(heard([SUBSONIC, SECURE_WEB], secure=True)) == {SUBSONIC, SECURE_WEB}


def test_without_the_package_nothing_is_said_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)

    async def serve() -> str:
        async with announced(PORT, LOOPBACK, interfaces=LOOPBACK):
            await asyncio.sleep(0)  # the announcement's turn
            return "served"

    assert asyncio.run(serve()) == "served"
