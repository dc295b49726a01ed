"""Who asks: the listener whom a key, a token or a password of an app proves, and nobody else."""

from __future__ import annotations

from typing import Protocol, TypeVar

from musicplayer.server.subsonic.errors import InvalidKey, SeveralMechanisms, WrongLogin
from musicplayer.server.subsonic.parameters import Parameters

A_co = TypeVar("A_co", covariant=True)

_HEXADECIMAL = "enc:"
"""Before a password that is written in hexadecimal, so that it is not read over a shoulder."""

_WITH_A_NAME = ("u", "p", "t", "s")


class Proofs(Protocol[A_co]):
    """What knows the devices of listeners; a login password is never asked about."""

    def by_key(self, key: str, address: str) -> A_co | None:
        """Whose device has this key."""

    def by_subsonic(
        self, name: str, *, token: str = "", salt: str = "", password: str = "", address: str
    ) -> A_co | None:
        """The listener of a name, where one of the devices has a key that makes this token, or is this password."""


def listener_of(parameters: Parameters, proofs: Proofs[A_co], address: str) -> A_co:
    """The listener who asks.

    An account without devices, a wrong key and a name that nobody has are told alike, so that nobody learns names here.

    Args:
        parameters: of the request.
        proofs: what is proved with.
        address: from where it is asked, for those who guess.

    Raises:
        ParameterRefused: nothing is given that proves anything.
        SeveralMechanisms: more than one thing is.
        InvalidKey, WrongLogin: it proves nothing.
        SegueError: this address guessed too often.
    """
    if "apiKey" in parameters:
        if any(name in parameters for name in _WITH_A_NAME):
            raise SeveralMechanisms("subsonic-several-logins")
        by_key = proofs.by_key(parameters.text("apiKey"), address)
        if by_key is None:
            raise InvalidKey("subsonic-invalid-key")
        return by_key
    name = parameters.text("u")
    if "p" in parameters:
        if "t" in parameters:
            raise SeveralMechanisms("subsonic-several-logins")
        found = proofs.by_subsonic(name, password=plain_password(parameters.text("p")), address=address)
    else:
        found = proofs.by_subsonic(name, token=parameters.text("t"), salt=parameters.text("s"), address=address)
    if found is None:
        raise WrongLogin("subsonic-wrong-login")
    return found


def plain_password(given: str) -> str:
    """A password as it was before it was written in hexadecimal, if it was."""
    if not given.startswith(_HEXADECIMAL):
        return given
    try:
        return bytes.fromhex(given.removeprefix(_HEXADECIMAL)).decode("utf-8")
    except ValueError:
        return given
