"""What is known of the machine whose library is shared: where it is, who asks there, and by what it is known again.

Each server has a home of its own, in which a player finds that its library is elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import SplitResult, urlsplit

from indexer.core.errors import SegueError
from indexer.core.files.json_files import read_object, write_object
from indexer.core.files.redaction import conceal
from indexer.core.home import Home

if TYPE_CHECKING:
    import ssl

SHARED_HOME = "SEGUE_SHARED_HOME"
"""The variable that names the home of a shared library to the processes of its player."""

PORT = 4849
"""Where a server is whose port nobody chose."""

_FIELDS = ("address", "key", "listener", "certificate", "profile")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_USUAL_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)
_LONGEST_NAME = 253
_PATH = re.compile(r"(?:/[A-Za-z0-9._~%+-]+)*")
_PAGES = ("/login", "/first")
"""What is behind the address in a browser before anybody is logged in."""
_KEY = re.compile(r"[!-~]{1,200}")


class ServerError(SegueError):
    """What is said of a server cannot be understood, read or kept."""


@dataclass(frozen=True)
class Server:
    """A server, and what to show there.

    Attributes:
        address: whole, without a slash at the end, as `address_of` makes it.
        key: of the device that this player is there; no text of an error has it.
        listener: the name of whose library it is there.
        certificate: in PEM, where it is one that the system does not vouch for and that a person accepted; else empty.
        profile: key of the features there, as `Profile.key` has it; empty where that is not known yet.
    """

    address: str
    key: str = field(repr=False)
    listener: str = ""
    certificate: str = field(default="", repr=False)
    profile: str = ""


def address_of(typed: str) -> str:
    """The whole address of a server that a person names: "kitchen" is `http://kitchen:4849`.

    Where nothing is said of http or https, it is http, at the port of Segue unless another is named. An address as a
    browser shows it is taken as it is, with the path below which a proxy may have put the server.

    Raises:
        ServerError: it names no machine.
    """
    text = typed.strip()
    whole = text if _SCHEME.match(text) else f"http://{_bracketed(text)}"
    try:
        parts = urlsplit(whole)
        port, host = parts.port, _host_of(parts)
    except ValueError:
        raise ServerError("shared-address", address=typed) from None
    path = parts.path.rstrip("/")
    for page in _PAGES:
        path = path.removesuffix(page)
    is_place = bool(_PATH.fullmatch(path)) and not {".", ".."} & set(path.split("/"))
    is_plain = text.isprintable() and "@" not in parts.netloc
    if parts.scheme not in _USUAL_PORTS or port == 0 or not is_place or not is_plain:
        raise ServerError("shared-address", address=typed)
    if port is None and whole != text:
        port = PORT
    shown = "" if port is None or port == _USUAL_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown}{path}"


def addresses_of(typed: str) -> list[str]:
    """The whole addresses that what a person names may mean: where nothing is said of http or https, one of each.

    Raises:
        ServerError: it names no machine.
    """
    plain = address_of(typed)
    return [plain] if _SCHEME.match(typed.strip()) else [plain, plain.replace("http", "https", 1)]


def read_server(home: Home) -> Server | None:
    """The server whose library a home is a window on; None for a home that has a library itself.

    Raises:
        ServerError: it is such a home, and what is kept of the server is damaged.
    """
    if not home.server_file.exists():
        return None
    server = _server_in(read_object(home.server_file))
    if server is None:
        raise ServerError("shared-file", file=home.server_file)
    conceal(server.key)
    return server


def write_server(home: Home, server: Server) -> None:
    """Keep what is known of the server of a home, for its owner's eyes only.

    Raises:
        ServerError: it cannot be written.
    """
    conceal(server.key)
    try:
        write_object(home.server_file, asdict(server))
    except OSError as error:
        reason = error.strerror or error
        raise ServerError("shared-unwritable", file=home.server_file, reason=reason) from error


def library_home(home: Home, address: str) -> Home:
    """The home for the library of the server at a whole address, below the home of this machine's own."""
    return Home.resolve(home.libraries / _folder_name(address))


def shared_homes(home: Home) -> list[Home]:
    """The homes of the shared libraries that were opened, also those whose server is not known any more."""
    with contextlib.suppress(OSError):
        found = map(Home.resolve, sorted(path for path in home.libraries.iterdir() if path.is_dir()))
        return [each for each in found if each.server_file.exists()]
    return []


def is_key(value: object) -> TypeGuard[str]:
    """Whether something can be shown to a server: text that stands in a header of HTTP as it is."""
    return isinstance(value, str) and bool(_KEY.fullmatch(value))


def is_address(path: str) -> bool:
    """Whether the path of a track, or a folder of tracks, is an address at a server, and nothing of this machine."""
    return path.startswith(("http://", "https://"))


def server_of(path: str) -> Server | None:
    """The server of the shared library that this process plays, for an address below its own; None for all else.

    Nobody but the server in question is shown the key, and no track makes this machine ask another.

    Raises:
        ServerError: what is kept of the server is damaged.
    """
    named = os.environ.get(SHARED_HOME, "")
    if not named or not is_address(path):
        return None
    server = read_server(Home.resolve(Path(named)))
    return server if server is not None and path.startswith(f"{server.address}/") else None


def tls_context(server: Server) -> ssl.SSLContext:
    """What TLS is spoken with. A certificate that a person accepted is good by itself, whatever names are in it.

    Raises:
        ssl.SSLError: what is kept of that is no certificate.
    """
    import ssl  # noqa: PLC0415 - takes long to load, and few need it

    context = ssl.create_default_context(cadata=server.certificate or None)
    if server.certificate:
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _bracketed(text: str) -> str:
    """An address of IPv6 as it stands in an address of the web; all other text as it is."""
    try:
        return f"[{text}]" if ipaddress.ip_address(text).version == 6 else text  # noqa: PLR2004
    except ValueError:
        return text


def _host_of(parts: SplitResult) -> str:
    """The machine that an address names, written as in an address; raises ValueError where it names none."""
    name = (parts.hostname or "").removesuffix(".")
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name).compressed}]"
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(name) from error
    if len(name) > _LONGEST_NAME or not all(map(_NAME.fullmatch, name.split("."))):
        raise ValueError(name)
    if name.rpartition(".")[2].isdigit():  # a name never ends in a number: it is an address in numbers, or a slip
        return str(ipaddress.IPv4Address(name))
    return name


def _server_in(record: Mapping[str, Any]) -> Server | None:
    """The server that a file tells of; None where it is no such file."""
    texts = {name: record.get(name, "") for name in _FIELDS}
    if not all(isinstance(text, str) for text in texts.values()) or not is_key(texts["key"]):
        return None
    try:
        is_whole = address_of(texts["address"]) == texts["address"]
    except ServerError:
        return None
    return Server(**texts) if is_whole else None


def _folder_name(address: str) -> str:
    """What a person knows the server by, and what no other address has."""
    shown = re.sub(r"[^a-z0-9]+", "-", address.partition("://")[2].lower()).strip("-")[:40].rstrip("-")
    return f"{shown}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
