"""The command line of the server: what it is started with, what it says of itself, how it begins and ends."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import logging
import os
import re
import socket
import ssl
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from musicplayer.server.steering import Steering, say
from musicplayer.server.terminal import give_password, tell_place
from musicplayer.server.web.app import make_app
from musicplayer.server.web.security import machine_names

PORT = 4849
END_SECONDS: Seconds = 4.5
"""From being told to end until the process is gone in any case: what is confirmed to anybody is on disk by then."""

_HIGHEST_PORT = 65_535
_BASE = re.compile(r"(/[\w-]+)+", re.ASCII)

_log = logging.getLogger(__name__)


class CannotServe(SegueError):
    """The server cannot be started as asked."""


@dataclass(frozen=True)
class Options:
    """What the server is started with.

    Attributes:
        home: of the library.
        host: to listen at, `port` beside it; 0 is any that is free.
        certificate: and `key`, files for TLS; None for plain HTTP.
        self_signed: speak TLS with a certificate that is made here.
        proxies: addresses and networks whose word on who asks is believed.
        base: path below which a proxy shows the server; empty for none.
        names: under which it is asked for, besides those of this machine.
        events: tell a program instead of a person, and obey it.
    """

    home: Home
    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    self_signed: bool = False
    proxies: tuple[str, ...] = ()
    base: str = ""
    names: tuple[str, ...] = ()
    events: bool = False


def main(arguments: Sequence[str] | None = None, *, program: str = "python -m musicplayer.server") -> int:
    """Serve until told to end, or do what else is asked; return the exit code, 1 with a sentence that says why."""
    given = _parser(program).parse_args(arguments)
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
            serve_home(_options(given, home))
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
        tls: what TLS is spoken with.
        fingerprint: of the certificate that was made here, empty without one.
    """

    sockets: Sequence[socket.socket]
    bound: tuple[addresses.Bound, ...]
    names: tuple[str, ...]
    base: str
    tls: ssl.SSLContext | None
    fingerprint: str

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
    tls, fingerprint = None, ""
    if options.certificate is not None and options.key is not None:
        tls = certificates.tls_context(options.certificate, options.key)
    elif options.self_signed:
        own = (*names, *addresses.hosts(bound), addresses.LOOPBACK, "::1")
        files = certificates.own_certificate(options.home, own)
        tls, fingerprint = certificates.tls_context(*files), certificates.fingerprint(files[0])
    return _Place(sockets, bound, names, options.base, tls, fingerprint)


async def _serve(options: Options, place: _Place, end: _End) -> None:
    async with open_hub(options.home, Settings.load(options.home)) as hub, contextlib.AsyncExitStack() as stack:
        app = make_app(hub, names=place.names)

        def begun(server: serving.Server) -> None:
            end.belongs_to(server)
            _log.info("serving at %d addresses", len(place.addresses()))
            if options.events:
                steering = Steering(hub.accounts, place.addresses, place.fingerprint, end.ask, hub.remote)
                stack.enter_context(steering.at_work())
            else:
                tell_place(hub.accounts, place.addresses(), place.fingerprint)

        hosts = addresses.hosts(place.bound)
        if hosts:
            about = announced(place.bound[0].port, hosts, base=place.base, secure=place.tls is not None)
            await stack.enter_async_context(about)
        await serving.serve(app, place.sockets, tls=place.tls, proxies=options.proxies, base=place.base, begun=begun)


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


def _options(given: argparse.Namespace, home: Home) -> Options:
    """What was asked for, looked at.

    Raises:
        CannotServe: something of it makes no sense.
    """
    if (given.tls_cert is None) != (given.tls_key is None):
        raise CannotServe("server-certificate-half")
    base = given.base_path.rstrip("/")
    if base and not _BASE.fullmatch(base):
        raise CannotServe("server-base", path=given.base_path)
    for proxy in given.proxy:
        try:
            ipaddress.ip_network(proxy)
        except ValueError as error:
            raise CannotServe("server-proxy", address=proxy) from error
    return Options(
        home=home,
        host=given.host,
        port=given.port,
        certificate=given.tls_cert,
        key=given.tls_key,
        self_signed=given.tls_self_signed,
        proxies=tuple(given.proxy),
        base=base,
        names=tuple(given.host_name),
        events=given.events,
    )


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program, description="Serve the library to browsers and to apps that speak Subsonic; needs no display."
    )
    add = parser.add_argument
    add("--home", type=Path, metavar="DIR", help="of the library (also SEGUE_HOME)")
    add("--host", default=addresses.LOOPBACK, help="address to listen at, 0.0.0.0 for all; %(default)s by default")
    add("--port", type=_port, default=PORT, help="%(default)s by default, 0 for any that is free")
    secure = parser.add_mutually_exclusive_group()
    secure.add_argument("--tls-cert", type=Path, metavar="FILE", help="speak TLS with this certificate, in PEM")
    secure.add_argument("--tls-self-signed", action="store_true", help="speak TLS with a certificate made here")
    add("--tls-key", type=Path, metavar="FILE", help="the key of --tls-cert")
    add("--proxy", nargs="+", action="extend", default=[], metavar="ADDRESS", help="proxies that are believed who asks")
    add("--base-path", default="", metavar="PATH", help="that a proxy shows it below, such as /music")
    add("--host-name", nargs="+", action="extend", default=[], metavar="NAME", help="further names it is asked for by")
    add("--new-password", metavar="NAME", help="give a listener another password, and end; the server may be running")
    add("--verbose", action="store_true", help="log everything, also to standard error")
    add("--events", action="store_true", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a number from 0 to {_HIGHEST_PORT}, not {text}")
    return int(text)
