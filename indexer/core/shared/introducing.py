"""Makes this player known to a server: by name and password once, by a key of its own from then on.

The password is not kept; the key is of a device, which its listener can revoke there.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from indexer.core.sentences.told import PLAIN
from indexer.core.shared.asking import OF_LIBRARIES, TIMEOUT, Asking, reason_of
from indexer.core.shared.server import Server, ServerError, is_key
from indexer.core.store.faults import DatabaseError, DatabaseUnavailable
from indexer.core.text import clean

if TYPE_CHECKING:
    from http.client import HTTPResponse

LONGEST_DEVICE = 64
"""Characters of the name of a device."""

_SESSION = "segue_session"
"""The cookie by which the server knows a session."""
_FAULT = re.compile(r'<p class="fault"[^>]*>(.*?)</p>', re.DOTALL)
"""What the page to log in says where it lets nobody in."""
_REFUSED = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
)


def introduce(address: str, name: str, password: str, device: str, *, certificate: str = "") -> Server:
    """The server at a whole address, with a new key of the device that this player is there.

    Args:
        address: as `address_of` makes it.
        name: of the listener, as for the page of the server.
        password: of the same.
        device: what the listener is to find it by among the devices, this machine's name for one.
        certificate: in PEM, where a person accepted one.

    Raises:
        ServerError: the server does not let this listener in, in its own words.
        DatabaseUnavailable: it does not answer.
        DatabaseError: what answers is no Segue, an older one, or shows another certificate; or it refuses the device.
    """
    server = Server(address, "", certificate=certificate)
    with Asking(server, headers={}) as asking:
        session = _log_in(asking, name, password)
    shown = {"Cookie": f"{_SESSION}={session}", "Origin": _origin(address)}
    with Asking(server, headers=shown) as asking:
        try:
            asking.get(OF_LIBRARIES)
            listener = asking.get("/api/state").get("listener")
            made = asking.post("/api/devices", {"name": device.strip()[:LONGEST_DEVICE] or "Segue"})
        finally:
            _log_out(asking)
    known_as = listener.get("name") if isinstance(listener, Mapping) else None
    key = made.get("key")
    if not is_key(key) or not isinstance(known_as, str):
        raise asking.stranger("/api/devices")
    return replace(server, key=key, listener=clean(known_as))


def certificate_of(address: str) -> tuple[str, str]:
    """The certificate that the server at an address of https shows, in PEM, and its SHA-256 as a person compares it.

    Raises:
        DatabaseUnavailable: nothing answers there.
        DatabaseError: what answers speaks no TLS.
    """
    import ssl  # noqa: PLC0415 - takes a tenth of a second

    parts = urlsplit(address)
    try:
        pem = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=TIMEOUT)
    except ssl.SSLError as error:
        raise DatabaseError("shared-stranger", address=parts.netloc, reason=reason_of(error)) from error
    except OSError as error:
        raise DatabaseUnavailable("shared-silent", address=parts.netloc, reason=reason_of(error)) from error
    return pem, fingerprint(pem)


def fingerprint(certificate: str) -> str:
    """SHA-256 of a certificate in PEM, as browsers and the server show it: "AB:CD:…"."""
    import ssl  # noqa: PLC0415 - see above

    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).digest()
    return ":".join(f"{byte:02X}" for byte in digest)


def _log_in(asking: Asking, name: str, password: str) -> str:
    """The cookie of a new session."""
    form = urlencode({"name": name, "password": password}).encode("ascii")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": _origin(asking.server.address),
    }
    response, content = asking.ask("POST", "/login", form, headers)
    session = _cookie(response)
    if response.status == HTTPStatus.SEE_OTHER and session:
        return session
    said = _FAULT.search(content.decode("utf-8", "replace"))
    if response.status in _REFUSED and said is not None:
        raise ServerError(PLAIN, message=clean(html.unescape(said[1])), advice="")
    if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise asking.stranger(str(response.status))
    raise asking.error_of(response, content, "/login")


def _log_out(asking: Asking) -> None:
    """End the session, which nobody needs any more; one that cannot be ended now runs out by itself."""
    try:
        asking.ask("POST", "/logout")
    except DatabaseError:
        return


def _cookie(response: HTTPResponse) -> str:
    for header in response.headers.get_all("Set-Cookie", []):
        try:
            found = SimpleCookie(header)
        except CookieError:
            continue
        if _SESSION in found:
            value = found[_SESSION].value
            return value if is_key(value) else ""
    return ""


def _origin(address: str) -> str:
    """Where a form comes from, as a page of the server would say it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
