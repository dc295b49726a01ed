"""The server from start to end: what it needs first, what it says of itself, how signals and programs end it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from indexer.core.errors import SegueError
from indexer.core.events import Failed
from indexer.core.files.locks import holding
from indexer.core.files.logs import LEVEL_VARIABLE, catch_all, start_logging
from indexer.core.files.privacy import keep_private
from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.tracks import Seconds
from musicplayer.server import addresses, certificates, serving
from musicplayer.server.announcing import announced
from musicplayer.server.hub import open_hub
from musicplayer.server.options import CannotServe, Options, options_of, parser
from musicplayer.server.steering import Steering, say
from musicplayer.server.terminal import give_password, tell_place
from musicplayer.server.web.app import crowded_app, make_app
from musicplayer.server.web.security import machine_names

END_SECONDS: Seconds = 4.5
"""From being told to end until the process is gone in any case: what is confirmed to anybody is on disk by then."""

_CERTIFICATE_SECONDS: Seconds = 3_600.0
"""Between two looks at whether the certificate was replaced, or is about to run out."""

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None, *, program: str = "python -m musicplayer.server") -> int:
    """Serve until told to end, or do what else is asked; return the exit code, 1 with a sentence that says why."""
    given = parser(program).parse_args(arguments)
    home = Home.resolve(given.home)
    if given.verbose:
        os.environ[LEVEL_VARIABLE] = "DEBUG"
    keep_private(home)
    start_logging(home, "server", verbose=given.verbose)
    catch_all(home, "server")
    try:
        if given.new_password is not None:
            give_password(home, given.new_password)
        else:
            serve_home(options_of(given, home))
    except SegueError as error:
        _log.info("not serving: %s", error.code)
        _complain(error, events=given.events)
        return 1
    _log.info("ended")
    return 0


def serve_home(options: Options) -> None:
    """Serve the library of a home, as its only server, until told to end.

    Raises:
        SegueError: it cannot begin.
    """
    end = _End()
    serving.allow_many_connections()
    with serving.on_signals(end.ask), _only_server(options.home):
        sockets = addresses.listen(options.host, options.port)
        try:
            asyncio.run(_serve(options, _place(options, sockets), end))
        finally:
            for each in sockets:
                each.close()


@dataclass(frozen=True)
class _Place:
    """Where the server is.

    Attributes:
        sockets: that take connections.
        bound: where they do.
        names: under which it is asked for.
        base: path that it lies below.
        tls: what TLS is spoken with, None for plain HTTP.
        home: whose certificate was made here, None where it was not.
    """

    sockets: Sequence[socket.socket]
    bound: tuple[addresses.Bound, ...]
    names: tuple[str, ...]
    base: str
    tls: certificates.Tls | None
    home: Home | None

    @property
    def fingerprint(self) -> str:
        """Of the certificate that was made here, empty without one."""
        return "" if self.tls is None or self.home is None else self.tls.fingerprint

    def addresses(self) -> tuple[str, ...]:
        """What to type into a browser at present: a machine can move to another network."""
        return addresses.addresses(self.bound, scheme="http" if self.tls is None else "https", base=self.base)


class _End:
    """The wish that the server ends, which may come before it has begun."""

    def __init__(self) -> None:
        self._is_asked = False
        self._server: serving.Server | None = None

    def ask(self) -> None:
        """End; what does not come to its end in time is left."""
        if not self._is_asked:
            self._is_asked = True
            last = threading.Timer(END_SECONDS, _leave)
            last.daemon = True
            last.start()
        if self._server is not None:
            self._server.stop()

    def belongs_to(self, server: serving.Server) -> None:
        """Have this server end when that is asked, or was."""
        self._server = server
        if self._is_asked:
            server.stop()


def _leave() -> None:
    """Something hangs: it must not keep the process, and what is confirmed is on disk."""
    _log.warning("the end took too long")
    os._exit(1)


def _place(options: Options, sockets: Sequence[socket.socket]) -> _Place:
    """What TLS needs is read or made here."""
    bound = addresses.bound(sockets)
    names = (*options.names, *machine_names())
    tls = None
    if options.certificate is not None and options.key is not None:
        tls = certificates.Tls(options.certificate, options.key)
    elif options.self_signed:
        tls = certificates.Tls(*_own_certificate(options.home, names, bound))
    return _Place(sockets, bound, names, options.base, tls, options.home if options.self_signed else None)


def _own_certificate(home: Home, names: Sequence[str], bound: Sequence[addresses.Bound]) -> tuple[Path, Path]:
    return certificates.own_certificate(home, (*names, *addresses.hosts(bound), addresses.LOOPBACK, "::1"))


async def _keep_fresh(place: _Place) -> None:
    """Servers run for longer than certificates are good for."""
    while place.tls is not None:
        await asyncio.sleep(_CERTIFICATE_SECONDS)
        try:
            if place.home is not None:
                await to_thread.run_sync(_own_certificate, place.home, place.names, place.bound)
        except SegueError as error:
            _log.warning("the certificate was not made anew: %s", error.code)
        if place.tls.look():
            _log.info("new connections have another certificate")


async def _serve(options: Options, place: _Place, end: _End) -> None:
    async with (
        open_hub(options.home, Settings.load(options.home), ready=_settle) as hub,
        contextlib.AsyncExitStack() as stack,
    ):
        app = make_app(hub, names=place.names)

        def begun(server: serving.Server) -> None:
            end.belongs_to(server)
            _log.info("serving at %d addresses", len(place.addresses()))
            if options.events:
                steering = Steering(hub.accounts, place.addresses, place.fingerprint, end.ask, hub.remote)
                stack.enter_context(steering.at_work())
            else:
                tell_place(hub.accounts, place.addresses(), place.fingerprint)

        fresh = asyncio.create_task(_keep_fresh(place))
        stack.callback(fresh.cancel)
        tls = None if place.tls is None else place.tls.context
        hosts = addresses.hosts(place.bound)
        if hosts:
            about = announced(place.bound[0].port, hosts, base=place.base, secure=place.tls is not None)
            await stack.enter_async_context(about)
        await serving.serve(
            app,
            place.sockets,
            tls=tls,
            proxies=options.proxies,
            base=place.base,
            crowded=crowded_app(hub, names=place.names),
            begun=begun,
        )


def _settle() -> None:
    """What a library is made of stays: a collection that goes through all of it holds requests up for 50 ms."""
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def _only_server(home: Home) -> Iterator[None]:
    """Hold the server's lock of a home while the block runs.

    Raises:
        CannotServe: another process has it, or the home cannot be written to.
    """
    with contextlib.ExitStack() as stack:
        try:
            is_only = stack.enter_context(holding(home, "server"))
        except OSError as error:
            raise CannotServe("server-home", folder=home.data, detail=error.strerror) from error
        if not is_only:
            raise CannotServe("server-running", folder=home.data)
        yield


def _complain(error: SegueError, *, events: bool) -> None:
    if events:
        say(Failed(error.code, error.values))
    else:
        sys.stderr.write(f"segue: {error}\n")
