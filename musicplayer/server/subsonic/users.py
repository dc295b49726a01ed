"""Who may what: each listener asks about the own account, admins about all, and change them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread

from musicplayer.server.accounts.records import HIGHEST_BIT_RATE, Account
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotFound
from musicplayer.server.subsonic.login import plain_password
from musicplayer.server.subsonic.shapes import Shape

if TYPE_CHECKING:
    from musicplayer.server.accounts.people import Changes


async def user(call: Call) -> Answer:
    """What one listener may; who is no admin learns nothing of others, not even whether there are any."""
    name = call.parameters.text("username")
    found = call.hub.accounts.named(name)
    if found is None or found.id != call.account.id:
        call.check_admin()
        found = _named(call, name)
    return {"user": _shape(found, call)}


async def users(call: Call) -> Answer:
    call.check_admin()
    return {"users": {"user": [_shape(account, call) for account in call.hub.accounts.all()]}}


async def create_user(call: Call) -> Answer:
    """A new account; its apps log in with keys that the new listener makes on the web page."""
    call.check_admin()
    parameters, accounts = call.parameters, call.hub.accounts
    name, password = parameters.text("username"), plain_password(parameters.text("password"))
    admin = parameters.flag("adminRole", False)
    made = await to_thread.run_sync(partial(accounts.add, name, password, admin=admin))
    changes = _changes(call, made)
    if changes:
        await to_thread.run_sync(partial(accounts.update, made.id, **changes))
    return {}


async def update_user(call: Call) -> Answer:
    call.check_admin()
    account, accounts = _named(call, call.parameters.text("username")), call.hub.accounts
    changes = _changes(call, account)
    if "adminRole" in call.parameters:
        changes["admin"] = call.parameters.flag("adminRole", account.admin)
    if changes:
        await to_thread.run_sync(partial(accounts.update, account.id, **changes))
    if "password" in call.parameters:
        await _set_password(call, account)
    return {}


async def delete_user(call: Call) -> Answer:
    call.check_admin()
    account = _named(call, call.parameters.text("username"))
    await to_thread.run_sync(call.hub.accounts.remove, account.id)
    return {}


async def change_password(call: Call) -> Answer:
    """For admins alone: the key of a device must not be enough to take over its account."""
    call.check_admin()
    await _set_password(call, _named(call, call.parameters.text("username")))
    return {}


async def _set_password(call: Call, account: Account) -> None:
    password = plain_password(call.parameters.text("password"))
    await to_thread.run_sync(call.hub.accounts.set_password, account.id, password)


def _named(call: Call, name: str) -> Account:
    found = call.hub.accounts.named(name)
    if found is None:
        raise NotFound("subsonic-not-found")
    return found


def _changes(call: Call, account: Account) -> Changes:
    """What of an account is to be other than it is; roles that Segue does not know are left alone."""
    parameters = call.parameters
    changes: Changes = {}
    if "downloadRole" in parameters:
        changes["may_download"] = parameters.flag("downloadRole", account.may_download)
    if "playlistRole" in parameters:
        changes["may_share_playlists"] = parameters.flag("playlistRole", account.may_share_playlists)
    if "maxBitRate" in parameters:
        changes["highest_bit_rate"] = parameters.whole("maxBitRate", least=0, most=HIGHEST_BIT_RATE)
    return changes


def _shape(account: Account, call: Call) -> Shape:
    """An account, as the schema `User` has it."""
    return {
        "username": account.name,
        "scrobblingEnabled": True,
        **({"maxBitRate": account.highest_bit_rate} if account.highest_bit_rate else {}),
        "adminRole": account.admin,
        "settingsRole": account.admin,
        "downloadRole": account.may_download,
        "uploadRole": False,
        "playlistRole": account.may_share_playlists,
        "coverArtRole": False,
        "commentRole": False,
        "podcastRole": False,
        "streamRole": True,
        "jukeboxRole": False,
        "shareRole": False,
        "videoConversionRole": False,
        "folder": list(call.folders.tops),
    }


ENDPOINTS: Endpoints = {
    "getUser": user,
    "getUsers": users,
    "createUser": create_user,
    "updateUser": update_user,
    "deleteUser": delete_user,
    "changePassword": change_password,
}
