"""What the player that started the server is told of it, and may ask of it, over standard output and input.

A line of state goes out at the start and after every change; see `indexer.core.serving`. Where the input ends, so does
the server: the player is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator

from indexer.core.errors import SegueError
from indexer.core.events import Event, Notice
from indexer.core.events import encode as encode_event
from indexer.core.plays import ListenerId
from indexer.core.serving import (
    AddListener,
    Desktop,
    KnownDevice,
    KnownListener,
    RemoveListener,
    Request,
    RevokeDevice,
    Serving,
    Stop,
    decode_request,
    encode,
    encode_pressed,
)
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.signing import DeviceId
from musicplayer.server.remote import Remote
from musicplayer.server.terminal import first_link

_INPUT = 0
_CHUNK = 65_536
_LOOK_SECONDS = 1.0


def state_of(accounts: Accounts, addresses: tuple[str, ...], fingerprint: str) -> Serving:
    """Where the server is reached, and who may listen."""
    listeners = tuple(
        KnownListener(
            account.id,
            account.name,
            account.admin,
            tuple(KnownDevice(device.id, device.name) for device in accounts.devices(account.id)),
        )
        for account in accounts.all()
    )
    return Serving(addresses, first_link(accounts, addresses), listeners, fingerprint)


def say(event: Event) -> None:
    """Tell the player of an event."""
    _print(encode_event(event))


class Steering:
    """Tells the player of every change, and does what it asks."""

    def __init__(
        self,
        accounts: Accounts,
        addresses: Callable[[], tuple[str, ...]],
        fingerprint: str,
        stop: Callable[[], None],
        remote: Remote,
    ) -> None:
        """`addresses` gives those of the present; `stop` ends the server, in the thread of the event loop.

        The `remote` is told what the player does, and presses its buttons.
        """
        self._accounts = accounts
        self._addresses = addresses
        self._fingerprint = fingerprint
        self._stop = stop
        self._remote = remote
        self._told = ""
        self._telling = threading.Lock()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Tell what there is, then follow it and obey, while the block runs in an event loop."""
        loop = asyncio.get_running_loop()
        trouble = self._accounts.trouble
        if trouble is not None:
            say(Notice(trouble.code, trouble.values))
        self.tell()

        def stop() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(self._stop)

        def take(desktop: Desktop) -> None:
            with contextlib.suppress(RuntimeError):  # as above
                loop.call_soon_threadsafe(self._remote.take, desktop)

        self._remote.press = lambda pressed: _print(encode_pressed(pressed))
        threading.Thread(target=self._listen, args=(stop, take), name="steering", daemon=True).start()
        following = loop.create_task(self._follow())
        try:
            yield
        finally:
            following.cancel()

    def tell(self) -> None:
        """Say who may listen, if that is other than what was said last."""
        with self._telling:
            line = encode(state_of(self._accounts, self._addresses(), self._fingerprint))
            if line != self._told:
                self._told = line
                _print(line)

    def obey(self, request: Request) -> None:
        """Do what is asked, or say why not; in a thread of its own, for passwords take a tenth of a second.

        Raises:
            ValueError: it is one about the server or the player, and none about listeners.
        """
        try:
            match request:
                case AddListener(name=name, password=password):
                    self._add(name, password)
                case RemoveListener(id=listener):
                    self._accounts.remove(ListenerId(listener))
                case RevokeDevice(listener=listener, device=device):
                    self._accounts.revoke(ListenerId(listener), DeviceId(device))
                case Stop() | Desktop():
                    raise ValueError(request)
        except SegueError as error:
            say(Notice(error.code, error.values))
        self.tell()

    def _add(self, name: str, password: str) -> None:
        token = self._accounts.first_token
        if token:
            self._accounts.create_first(token, name, password)
        else:
            self._accounts.add(name, password)

    def _listen(self, stop: Callable[[], None], take: Callable[[Desktop], None]) -> None:
        for request in _requests():
            if isinstance(request, Stop):
                break
            if isinstance(request, Desktop):
                take(request)
            else:
                self.obey(request)
        stop()

    async def _follow(self) -> None:
        """Accounts and devices are made by way of the page too, and the machine may move to another network."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.tell()


def _requests() -> Iterator[Request]:
    """What is asked, until the input ends. It is read without Python's buffer, whose lock would outlive the end."""
    rest = b""
    while chunk := os.read(_INPUT, _CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            request = decode_request(line.decode("utf-8", "replace"))
            if request is not None:
                yield request


def _print(line: str) -> None:
    """To a player that may be gone."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
