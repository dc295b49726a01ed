"""Makes what can be checked from one secret of the server: keys of devices, and addresses that end soon."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import NewType

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds

DeviceId = NewType("DeviceId", str)
"""Eight letters and digits, with which the key of the device begins."""

SECRET_BYTES = 32
LONGEST_LIFE: Seconds = 24 * 3600.0
"""Of a signed text, whatever is asked for: nothing takes it back but the end of its time."""
_ID_BYTES, _ID_LETTERS = 5, 8
_KEY_BYTES = 15
"""120 bits: whoever overhears a token can guess at the key on own machines for as long as they like."""
_LONGEST_SIGNED = 4096
_FOR_DEVICES, _FOR_ADDRESSES = b"device ", b"address "
"""Before what is authenticated: what was made for one use is worth nothing in the other."""


def new_device_id() -> DeviceId:
    """One that no device had."""
    return DeviceId(_letters(secrets.token_bytes(_ID_BYTES)))


def key_of(secret: bytes, device: DeviceId) -> str:
    """The key of a device: its id and what only this server can make of it, 32 of a to z and 2 to 7."""
    return device + _letters(hmac.digest(secret, _FOR_DEVICES + _bytes(device), "sha256")[:_KEY_BYTES])


def device_of(secret: bytes, key: str) -> DeviceId | None:
    """The device that a key was made for, be it revoked or not; None where this server made no such key."""
    device = DeviceId(key[:_ID_LETTERS])
    return device if same(key, key_of(secret, device)) else None


def is_token_of(key: str, token: str, salt: str) -> bool:
    """Whether a token of the Subsonic API, the MD5 sum of key and salt in hexadecimal digits, is of this key."""
    made = hashlib.md5(_bytes(key + salt), usedforsecurity=False).hexdigest()
    return same(token.lower(), made)


def same(left: str, right: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(_bytes(left), _bytes(right))


def signed(secret: bytes, listener: ListenerId, what: str, until: Seconds) -> str:
    """A text for an address that says who may have what until when (seconds since 1970), and cannot be changed."""
    content = json.dumps([int(until), listener, what], separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return f"{text}.{_seal(secret, text)}"


def opened(secret: bytes, text: str, now: Seconds) -> tuple[ListenerId, str] | None:
    """Who and what a text from `signed` says; None where it was made elsewhere, was changed or has ended."""
    content, _, seal = text.partition(".")
    if len(text) > _LONGEST_SIGNED or not same(seal, _seal(secret, content)):
        return None
    until, listener, what = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    return (ListenerId(listener), what) if now < until else None


def _seal(secret: bytes, text: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(secret, _FOR_ADDRESSES + _bytes(text), "sha256")).decode().rstrip("=")


def _letters(content: bytes) -> str:
    """Small letters and digits that are not mistaken for one another when they are typed."""
    return base64.b32encode(content).decode().lower()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
