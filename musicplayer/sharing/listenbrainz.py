"""Speaks to a server that takes plays as ListenBrainz does: what a play is called there, and what its answers mean.

Source: the API of ListenBrainz, <https://listenbrainz.readthedocs.io/en/latest/users/api/core.html>. The modules of
Python that speak HTTP are imported where they are used: they take a tenth of a second, which the first paint need not
wait for.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from indexer.core.errors import SegueError
from indexer.core.files.json_files import object_in
from indexer.core.plays import Named, Play
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from email.message import Message
    from urllib.request import OpenerDirector, Request

MOST_AT_ONCE = 50
"""Plays in one submission; ListenBrainz takes 1,000, other servers say nothing of it."""

TIMEOUT: Seconds = 20.0
"""Until a server that says nothing is taken for one that does not answer."""

_VERSION = "1"
_PROGRAM = "Segue"
_LONGEST_ANSWER = 65_536
"""Bytes that are read of what a server answers."""
_LONGEST_REASON = 200
"""Characters of it that are shown."""


class SharingError(SegueError):
    """A server did not take what it was told."""


class NotNow(SharingError):
    """It may take the same at another time, or has taken it and could not say so.

    Attributes:
        pause: seconds that it asks to wait, 0 where it asks for nothing.
    """

    pause: Seconds = 0.0


class PlaysRefused(SharingError):
    """It will never take these plays as they are."""


class TokenRefused(SharingError):
    """It does not know the token."""


class NoSuchServer(SharingError):
    """What is at the address, or the address itself, is none of a server that takes plays."""


@dataclass(frozen=True)
class Server:
    """A server that takes plays for the one whose token it is given.

    Attributes:
        address: without what follows it for each call, such as `https://api.listenbrainz.org`, or
            `http://127.0.0.1:42010/apis/listenbrainz` for maloja.
        token: the secret that the server gave to its user; no text of an error has it.
        timeout: seconds that it may be silent.
    """

    address: str
    token: str = field(repr=False)
    timeout: Seconds = TIMEOUT

    def user(self) -> str:
        """The name by which the server knows the owner of the token.

        Raises:
            SharingError: one of its kinds, but never `PlaysRefused`.
        """
        answer = self._ask("validate-token")
        if "valid" not in answer:
            raise self._no_such_server(answer)
        if not answer["valid"]:  # ListenBrainz says so with the status of success
            raise TokenRefused("sharing-token", server=self._name)
        return str(answer.get("user_name", ""))

    def submit(self, plays: Sequence[Play]) -> None:
        """Tell the server of plays that have names; it has them all when this returns.

        Raises:
            SharingError: one of its kinds. Of several plays some may have been taken; for `PlaysRefused` of one play
                the sentence names it.
        """
        kind = "single" if len(plays) == 1 else "import"
        answer = self._ask("submit-listens", {"listen_type": kind, "payload": [listen(play) for play in plays]}, plays)
        if answer.get("status") != "ok":  # the page of a hotel, for one
            raise self._no_such_server(answer)

    @property
    def _name(self) -> str:
        """As sentences name it."""
        try:
            return urlsplit(self.address.strip()).netloc.rpartition("@")[2] or self.address
        except ValueError:
            return self.address

    def _ask(self, method: str, content: Any = None, plays: Sequence[Play] = ()) -> dict[str, Any]:
        """What the server answers, empty where that is no object in JSON."""
        from http.client import HTTPException  # noqa: PLC0415 - see above
        from urllib.error import HTTPError, URLError  # noqa: PLC0415

        try:
            with _opener().open(self._request(method, content), timeout=self.timeout) as response:
                return object_in(response.read(_LONGEST_ANSWER))
        except HTTPError as error:
            with error:
                raise self._error_of(error.code, error.headers, _body(error), plays) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise NotNow("sharing-away", server=self._name, reason=_short(reason)) from None

    def _request(self, method: str, content: Any) -> Request:
        from urllib.request import Request  # noqa: PLC0415 - see above

        address = self.address.strip().rstrip("/").removesuffix(f"/{_VERSION}")
        if not _is_address(address):
            raise NoSuchServer("sharing-address", server=self.address)
        token = self.token.strip()
        if not token or not token.isascii() or not token.isprintable():
            raise TokenRefused("sharing-no-token", server=self._name)
        headers = {
            "Authorization": f"Token {token}",
            "User-Agent": f"{_PROGRAM}/{_program_version()}",
            "Content-Type": "application/json",
        }
        data = None if content is None else json.dumps(content).encode("ascii")
        return Request(f"{address}/{_VERSION}/{method}", data, headers)  # noqa: S310 - `_is_address` knows the schemes

    def _error_of(self, status: int, headers: Message, body: bytes, plays: Sequence[Play]) -> SharingError:
        """What an answer means that is not one of success."""
        answer = object_in(body)
        reason = _reason(answer, status)
        if status == HTTPStatus.UNAUTHORIZED:
            return TokenRefused("sharing-token", server=self._name)
        if status in _FOR_ANOTHER_TIME or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            later = NotNow("sharing-later", server=self._name, reason=reason)
            later.pause = _asked_to_wait(headers)
            return later
        if not plays or not (status == _TOO_LARGE or (status in _OF_THE_PLAYS and answer)):
            return self._no_such_server(answer, status)
        first = plays[0].named or Named(artist="")
        return PlaysRefused("sharing-refused", server=self._name, reason=reason, title=first.title, artist=first.artist)

    def _no_such_server(self, answer: Mapping[str, Any], status: int = HTTPStatus.OK) -> NoSuchServer:
        return NoSuchServer("sharing-not-there", server=self._name, reason=_reason(answer, status))


_FOR_ANOTHER_TIME = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)

_TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

_OF_THE_PLAYS = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
"""What is wrong with them, where a server says it that speaks JSON; any other status is of the address."""


def listen(play: Play) -> dict[str, Any]:
    """A play as the API calls it, which must have names; `listened_at` is when it began, whole seconds since 1970."""
    named = play.named or Named(artist="")
    seconds = play.seconds or named.seconds or 0.0
    more = {
        "media_player": _PROGRAM,
        "media_player_version": _program_version(),
        "submission_client": _PROGRAM,
        "submission_client_version": _program_version(),
        "duration_ms": round(1000 * seconds),
        "recording_mbid": named.mbid,
        "isrc": named.isrc,
    }
    names = {"artist_name": named.artist, "track_name": named.title, "release_name": named.album}
    about = {name: value for name, value in names.items() if value}
    return {
        "listened_at": int(play.at),
        "track_metadata": {**about, "additional_info": {name: value for name, value in more.items() if value}},
    }


def _opener() -> OpenerDirector:
    """One that follows nobody elsewhere: the token is for this server alone, and a moved submission would be none."""
    from urllib.request import HTTPRedirectHandler, build_opener  # noqa: PLC0415 - see above

    class Stays(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    return build_opener(Stays)


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    return is_plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query


def _asked_to_wait(headers: Message) -> Seconds:
    """Seconds until the server wants to hear of us again, 0 where it does not say or what it says makes no sense."""
    said = headers.get("Retry-After") or headers.get("X-RateLimit-Reset-In") or "0"
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return 0.0
    return max(0.0, seconds) if math.isfinite(seconds) else 0.0


def _body(response: Any) -> bytes:
    """What there is of it."""
    from http.client import HTTPException  # noqa: PLC0415 - see above

    try:
        return bytes(response.read(_LONGEST_ANSWER))
    except (HTTPException, OSError):
        return b""


def _reason(answer: Mapping[str, Any], status: int) -> str:
    """What the server says of it, in its own words where it has any."""
    return _short(answer.get("error") or answer.get("message") or f"HTTP {int(status)}")


def _short(said: object) -> str:
    """On one line, without the full stop that our sentence has."""
    words = " ".join(str(said).split())
    return words[:_LONGEST_REASON].removesuffix(".")


def _program_version() -> str:
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return ""  # runs from a folder that was never installed
