"""What a Subsonic app is told when it cannot have what it asks for: each error with its number in the API."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from indexer.core.errors import SegueError


class ErrorNumber(IntEnum):
    """The numbers that apps know, https://opensubsonic.netlify.app/docs/responses/error/."""

    GENERIC = 0
    MISSING = 10
    CLIENT_TOO_OLD = 20
    SERVER_TOO_OLD = 30
    WRONG_LOGIN = 40
    SEVERAL_MECHANISMS = 43
    INVALID_KEY = 44
    NOT_ALLOWED = 50
    NOT_FOUND = 70


class SubsonicError(SegueError):
    """An error of the API; `number` is what apps go by, the sentences are for people."""

    number: ClassVar[ErrorNumber] = ErrorNumber.GENERIC


class ParameterRefused(SubsonicError):
    """A parameter is missing, or is not what it has to be."""

    number = ErrorNumber.MISSING


class ClientTooOld(SubsonicError):
    number = ErrorNumber.CLIENT_TOO_OLD


class ServerTooOld(SubsonicError):
    number = ErrorNumber.SERVER_TOO_OLD


class WrongLogin(SubsonicError):
    """No listener of that name has such a device: which of both is not said."""

    number = ErrorNumber.WRONG_LOGIN


class SeveralMechanisms(SubsonicError):
    """Two ways to log in at once."""

    number = ErrorNumber.SEVERAL_MECHANISMS


class InvalidKey(SubsonicError):
    number = ErrorNumber.INVALID_KEY


class NotAllowed(SubsonicError):
    """This listener may not."""

    number = ErrorNumber.NOT_ALLOWED


class NotFound(SubsonicError):
    """Nothing has that id, or it is another listener's: which of both is not said."""

    number = ErrorNumber.NOT_FOUND
