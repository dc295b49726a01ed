"""Devices of listeners: each has a key, which is not kept but made again from the secret and told apart by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds
from musicplayer.server.accounts import signing
from musicplayer.server.accounts.passwords import AccountRefused
from musicplayer.server.accounts.records import Device, Kept, free_of_faults
from musicplayer.server.accounts.sessions import STEP
from musicplayer.server.accounts.signing import DeviceId

MOST = 50
"""Of an account."""
_COMPARED = 8
"""Keys that are compared at least, whether there is an account and a device or not: nobody tells names by the time."""
_NO_DEVICE = DeviceId("")


def of_listener(kept: Kept, listener: ListenerId | None) -> list[Device]:
    """The devices of a listener, in the order they were made."""
    return [device for device in kept.devices.values() if device.listener == listener]


def add(kept: Kept, listener: ListenerId, name: str, now: Seconds) -> tuple[Device, str]:
    """A new device and its key, which is shown once.

    Raises:
        AccountRefused: the listener has too many, or the name cannot be one.
    """
    if len(of_listener(kept, listener)) >= MOST:
        raise AccountRefused("devices-many", most=MOST)
    device = Device(signing.new_device_id(), free_of_faults(name), now, 0.0, listener)
    kept.devices[device.id] = device
    return device, signing.key_of(kept.secret, device.id)


def of_key(kept: Kept, key: str) -> Device | None:
    """The device that a key is of, None where it was revoked or there never was one."""
    device = signing.device_of(kept.secret, key)
    return None if device is None else kept.devices.get(device)


def of_shown(kept: Kept, listener: ListenerId | None, shows: Callable[[str], bool]) -> Device | None:
    """The device of a listener, or of nobody, whose key is shown: `shows` says of a key whether it is the one."""
    ids = [device.id for device in of_listener(kept, listener)]
    ids += [_NO_DEVICE] * (_COMPARED - len(ids))
    shown = [id_ for id_ in ids if shows(signing.key_of(kept.secret, id_))]
    return next((kept.devices[id_] for id_ in shown if id_ in kept.devices), None)


def note_use(kept: Kept, device: Device, now: Seconds) -> bool:
    """Keep when a device is used; whether that is worth writing down."""
    if abs(now - device.used) < STEP:
        return False
    kept.devices[device.id] = replace(device, used=now)
    return True
