"""Says in the local network that the server is there (mDNS, DNS-SD), so that apps find it by themselves.

Apps that speak Subsonic look for `_subsonic._tcp`, browsers of networks for `_http._tcp` or `_https._tcp`; the path is
in the TXT record as RFC 6763 and DNS-SD's registry have it. The package `zeroconf` is optional: without it nothing is
said, and addresses are typed or scanned.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

_log = logging.getLogger(__name__)

SUBSONIC = "_subsonic._tcp.local."
WEB = "_http._tcp.local."
SECURE_WEB = "_https._tcp.local."
_FAREWELL: Seconds = 1.0


@contextlib.asynccontextmanager
async def announced(
    port: int, hosts: Sequence[str], *, base: str = "", secure: bool = False, interfaces: Sequence[str] | None = None
) -> AsyncIterator[None]:
    """Announce the server while the block runs; what hinders it is logged, and hinders nothing else.

    Args:
        port: where it listens.
        hosts: the addresses of this machine by which it is reached.
        base: the path that it lies below.
        secure: whether it speaks TLS.
        interfaces: addresses of those to speak on, all of them by default.
    """
    task = asyncio.create_task(_announce(port, hosts, base, secure, interfaces))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _announce(port: int, hosts: Sequence[str], base: str, secure: bool, interfaces: Sequence[str] | None) -> None:
    """Announce until cancelled, then say goodbye."""
    try:
        from zeroconf import Error  # noqa: PLC0415 - an extra
        from zeroconf.asyncio import AsyncZeroconf  # noqa: PLC0415
    except ImportError:
        _log.info("not announced in the network: the package zeroconf is not installed")
        return
    chosen: dict[str, Any] = {} if interfaces is None else {"interfaces": list(interfaces)}
    try:
        zeroconf = AsyncZeroconf(**chosen)
    except OSError as error:
        _log.info("not announced in the network: %s", error.strerror)
        return
    try:
        for info in _services(port, hosts, base, secure):
            await zeroconf.async_register_service(info, allow_name_change=True)
        _log.info("announced in the network")
        await asyncio.Event().wait()
    except (Error, OSError) as error:
        _log.info("not announced in the network: %s", type(error).__name__)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await zeroconf.async_close()


def _services(port: int, hosts: Sequence[str], base: str, secure: bool) -> list[ServiceInfo]:
    from zeroconf import ServiceInfo  # noqa: PLC0415 - an extra

    machine = socket.gethostname().partition(".")[0] or "segue"
    return [
        ServiceInfo(
            kind,
            f"Segue on {machine}.{kind}",
            port=port,
            parsed_addresses=list(hosts),
            server=f"{machine}.local.",
            properties={"path": f"{base}/"},
        )
        for kind in (SUBSONIC, SECURE_WEB if secure else WEB)
    ]
