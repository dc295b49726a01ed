"""Who asks and what this library is; accounts for those who may change them; devices with keys to end."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from anyio import to_thread

from indexer.core.plays import ListenerId
from musicplayer.server.accounts.accounts import LoginRefused
from musicplayer.server.accounts.passwords import LONGEST as LONGEST_PASSWORD
from musicplayer.server.accounts.records import HIGHEST_BIT_RATE, LONGEST_NAME, Account, Device
from musicplayer.server.accounts.signing import DeviceId
from musicplayer.server.errors import RequestError
from musicplayer.server.web.api.endpoints import Asked, Endpoint, not_there
from musicplayer.server.web.api.parameters import Flag, Kinds, Text, Whole
from musicplayer.server.web.api.shapes import Shape
from musicplayer.server.web.asker import SESSION, client_of

_JSON_NAMES = {
    "may_download": "mayDownload",
    "may_remote": "mayRemote",
    "may_share_playlists": "maySharePlaylists",
    "highest_bit_rate": "highestBitRate",
    "household_taste": "householdTaste",
}
_FIELDS = {name: field for field, name in _JSON_NAMES.items()}


async def state(asked: Asked) -> Shape:
    """Who asks, what the library holds, and whether it can answer what sounds like what.

    `desktop` is whether a desktop player runs beside the server that the listener may use.
    """
    library, more_like = asked.library, asked.hub.model.more_like
    counts = library.counts
    return {
        "listener": _account(asked.account),
        "desktop": asked.account.may_remote and asked.hub.remote.now is not None,
        "library": {
            "tracks": len(library.catalogue),
            "albums": len(asked.view.albums),
            "artists": len(asked.view.artists),
            "analysed": counts.analysed,
            "connected": library.is_connected,
            "trouble": library.trouble,
        },
        "similar": {
            "state": "ready" if more_like.model is not None else "no-model" if more_like.is_looked_for else "loading",
            "provisional": more_like.is_provisional,
            "by": asked.hub.settings.near_by.value,
        },
    }


async def listeners(asked: Asked) -> Shape:
    """Everybody who can log in."""
    return {"listeners": [_account(account) for account in asked.hub.accounts.all()]}


async def add_listener(asked: Asked, name: str, password: str, admin: bool) -> Shape:
    """A new listener."""
    account = await to_thread.run_sync(partial(asked.hub.accounts.add, name, password, admin=admin))
    return _account(account)


async def change_listener(asked: Asked, id: str, **said: object) -> Shape:  # noqa: A002 - as the address has it
    """Another name or other rights of a listener; what is not named stays. A new password ends the sessions."""
    accounts, listener = asked.hub.accounts, ListenerId(id)
    if accounts.get(listener) is None:
        raise not_there()
    password = said.pop("password", None)
    changes = {_FIELDS.get(name, name): value for name, value in said.items() if value is not None}
    if changes:
        await to_thread.run_sync(partial(accounts.update, listener, **changes))  # type: ignore[arg-type]
    if isinstance(password, str):
        await to_thread.run_sync(accounts.set_password, listener, password)
    changed = accounts.get(listener)
    return {} if changed is None else _account(changed)


async def remove_listener(asked: Asked, id: str) -> None:  # noqa: A002
    """A listener is to log in no more; what they played stays."""
    if asked.hub.accounts.get(ListenerId(id)) is None:
        raise not_there()
    await to_thread.run_sync(asked.hub.accounts.remove, ListenerId(id))


async def change_password(asked: Asked, old: str, new: str) -> None:
    """Another password of the listener, who shows the one of now; all sessions end but this one."""
    accounts, request = asked.hub.accounts, asked.request
    try:
        await to_thread.run_sync(accounts.log_in, asked.account.name, old, client_of(request))
    except LoginRefused as error:  # who asks is logged in all the same
        raise RequestError("api-wrong-password") from error
    staying = request.cookies.get(SESSION, "")
    await to_thread.run_sync(partial(accounts.set_password, asked.account.id, new, staying=staying))


async def devices(asked: Asked) -> Shape:
    """What the listener logs in with by keys."""
    return {"devices": [_device(device) for device in asked.hub.accounts.devices(asked.account.id)]}


async def add_device(asked: Asked, name: str) -> Shape:
    """A device and its key, which is told this once."""
    device, key = await to_thread.run_sync(asked.hub.accounts.new_device, asked.account.id, name)
    return {**_device(device), "key": key}


async def revoke_device(asked: Asked, id: str) -> None:  # noqa: A002
    """The key of a device of the listener is to open nothing any more."""
    if not await to_thread.run_sync(asked.hub.accounts.revoke, asked.account.id, DeviceId(id)):
        raise not_there()


def _account(account: Account) -> Shape:
    return {_JSON_NAMES.get(name, name): value for name, value in asdict(account).items()}


def _device(device: Device) -> Shape:
    return {"id": device.id, "name": device.name, "made": device.made, "used": device.used or None}


_PASSWORD = Text(most=LONGEST_PASSWORD)
_NAME = Text(least=1, most=LONGEST_NAME)
_RIGHTS: Kinds = {
    "name": Text(None, least=1, most=LONGEST_NAME),
    "password": Text(None, most=LONGEST_PASSWORD),
    "admin": Flag(None),
    "mayDownload": Flag(None),
    "mayRemote": Flag(None),
    "maySharePlaylists": Flag(None),
    "highestBitRate": Whole(None, most=HIGHEST_BIT_RATE),
    "householdTaste": Flag(None),
}
_NEW: Kinds = {"name": _NAME, "password": _PASSWORD, "admin": Flag(False)}

ENDPOINTS = (
    Endpoint("GET", "/state", state),
    Endpoint("GET", "/listeners", listeners, for_admins=True),
    Endpoint("POST", "/listeners", add_listener, body=_NEW, for_admins=True),
    Endpoint("PUT", "/listeners/{id}", change_listener, body=_RIGHTS, for_admins=True),
    Endpoint("DELETE", "/listeners/{id}", remove_listener, for_admins=True),
    Endpoint("POST", "/password", change_password, body={"old": _PASSWORD, "new": _PASSWORD}),
    Endpoint("GET", "/devices", devices),
    Endpoint("POST", "/devices", add_device, body={"name": _NAME}),
    Endpoint("DELETE", "/devices/{id}", revoke_device),
)
