"""What the server is started with: the options of its command line, looked at before anything is begun."""

from __future__ import annotations

import argparse
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.home import Home
from musicplayer.server.addresses import LOOPBACK

PORT = 4849
_HIGHEST_PORT = 65_535
_BASE = re.compile(r"(/[\w-]+)+", re.ASCII)


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


def options_of(given: argparse.Namespace, home: Home) -> Options:
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


def parser(program: str) -> argparse.ArgumentParser:
    """Of the command line of `program`."""
    made = argparse.ArgumentParser(
        prog=program, description="Serve the library to browsers and to apps that speak Subsonic; needs no display."
    )
    add = made.add_argument
    add("--home", type=Path, metavar="DIR", help="of the library (also SEGUE_HOME)")
    add("--host", default=LOOPBACK, help="address to listen at, 0.0.0.0 for all; %(default)s by default")
    add("--port", type=_port, default=PORT, help="%(default)s by default, 0 for any that is free")
    secure = made.add_mutually_exclusive_group()
    secure.add_argument("--tls-cert", type=Path, metavar="FILE", help="speak TLS with this certificate, in PEM")
    secure.add_argument("--tls-self-signed", action="store_true", help="speak TLS with a certificate made here")
    add("--tls-key", type=Path, metavar="FILE", help="the key of --tls-cert")
    add("--proxy", nargs="+", action="extend", default=[], metavar="ADDRESS", help="proxies that are believed who asks")
    add("--base-path", default="", metavar="PATH", help="that a proxy shows it below, such as /music")
    add("--host-name", nargs="+", action="extend", default=[], metavar="NAME", help="further names it is asked for by")
    add("--new-password", metavar="NAME", help="give a listener another password, and end; the server may be running")
    add("--verbose", action="store_true", help="log everything, also to standard error")
    add("--events", action="store_true", help=argparse.SUPPRESS)
    return made


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a number from 0 to {_HIGHEST_PORT}, not {text}")
    return int(text)
