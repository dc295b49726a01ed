"""Browsers that are logged in: a random cookie each, of which only a sum is kept, until it was not used for long."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.records import Kept, Session

LIFE: Seconds = 30 * 24 * 3600.0
"""Of a session since it was last used."""
MOST = 20
"""Of an account; with one more, the one that would end first ends."""
STEP: Seconds = 3600.0
"""How exact it is kept when something was last used."""
_COOKIE_BYTES = 32


def begin(kept: Kept, listener: ListenerId, now: Seconds) -> str:
    """The cookie of a new session; those that are over are forgotten."""
    kept.sessions = {each: session for each, session in kept.sessions.items() if session.until > now}
    own = sorted((session.until, each) for each, session in kept.sessions.items() if session.listener == listener)
    for _, each in own[: max(0, len(own) - MOST + 1)]:
        del kept.sessions[each]
    cookie = secrets.token_urlsafe(_COOKIE_BYTES)
    kept.sessions[_sum(cookie)] = Session(listener, now + LIFE)
    return cookie


def found(kept: Kept, cookie: str, now: Seconds) -> Session | None:
    """The session of a cookie, None where there is none or it is over."""
    session = kept.sessions.get(_sum(cookie))
    return session if session is not None and session.until > now else None


def lengthen(kept: Kept, cookie: str, now: Seconds) -> bool:
    """Let a session that is used last, from now on; whether that is worth writing down."""
    session = kept.sessions[_sum(cookie)]
    if session.until >= now + LIFE - STEP:
        return False
    kept.sessions[_sum(cookie)] = replace(session, until=now + LIFE)
    return True


def end(kept: Kept, cookie: str) -> bool:
    """End the session of a cookie; whether there was one."""
    return kept.sessions.pop(_sum(cookie), None) is not None


def end_all(kept: Kept, listener: ListenerId, *, staying: str = "") -> None:
    """End those of a listener, but for the one of the cookie `staying`."""
    stays = _sum(staying)
    kept.sessions = {
        each: session for each, session in kept.sessions.items() if session.listener != listener or each == stays
    }


def _sum(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
