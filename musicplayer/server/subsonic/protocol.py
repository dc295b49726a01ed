"""How an answer goes over the wire: the envelope of OpenSubsonic 1.16.1 in XML, JSON or JSONP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from indexer.core.errors import SegueError
from musicplayer.server.subsonic.errors import (
    ClientTooOld,
    ErrorNumber,
    ParameterRefused,
    ServerTooOld,
    SubsonicError,
)
from musicplayer.server.subsonic.parameters import Parameters

VERSION = (1, 16, 1)
"""Of the API of Subsonic, to which OpenSubsonic adds."""

SERVER_TYPE = "segue"
NAMESPACE = "http://subsonic.org/restapi"

Payload = Mapping[str, Any]
"""What an answer holds, by the names of the API: texts, numbers, booleans, and mappings or lists of these."""

_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,99}(?:\.[A-Za-z_$][A-Za-z0-9_$]{0,99}){0,9}")
"""Names of functions, also within objects: nothing that could be a program."""

_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.[0-9]{1,4})?")

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, in no spelling: https://www.w3.org/TR/xml/#charsets."""

_TEXT = "value"
"""What of a mapping stands between the tags of its element; all else that is plain are attributes."""

_OF_ELEMENTS = frozenset({"albumInfo", "artistInfo", "artistInfo2"})
"""Mappings whose plain values are elements, not attributes, as the schema of Subsonic has them."""

_SPECIAL = re.compile('[&<>"\n\r\t]')
_BREAKS = {"\r": "&#13;"}
_BREAKS_IN_ATTRIBUTES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class Form(StrEnum):
    """In which form an app wants its answers."""

    XML = "xml"
    JSON = "json"
    JSONP = "jsonp"


@dataclass(frozen=True)
class Wire:
    """The form of an answer; `callback` is the function that a JSONP answer calls."""

    form: Form = Form.XML
    callback: str = ""

    @classmethod
    def wanted(cls, parameters: Parameters) -> Wire:
        """The form that a request asks for; XML where it does not say, as ever.

        Raises:
            ParameterRefused: there is no such form, or the callback is no name.
        """
        form = Form(parameters.choice("f", Form, Form.XML))
        if form is not Form.JSONP:
            return cls(form)
        callback = parameters.text("callback")
        if not _CALLBACK.fullmatch(callback):
            raise ParameterRefused("subsonic-callback", parameter="callback")
        return cls(form, callback)

    @property
    def media_type(self) -> str:
        """What the answer says that it is; XML says its encoding itself, too."""
        return {
            Form.XML: "application/xml; charset=utf-8",
            Form.JSON: "application/json; charset=utf-8",
            Form.JSONP: "text/javascript; charset=utf-8",
        }[self.form]

    def success(self, payload: Payload) -> bytes:
        """The whole answer to a request that could be answered."""
        return self._written("ok", payload)

    def failure(self, error: SegueError) -> bytes:
        """The whole answer to a request that could not, with the number of the error and its sentences."""
        return self._written("failed", {"error": {"code": int(number_of(error)), "message": error.sentences}})

    def _written(self, status: str, payload: Payload) -> bytes:
        envelope = {
            "status": status,
            "version": ".".join(map(str, VERSION)),
            "type": SERVER_TYPE,
            "serverVersion": server_version(),
            "openSubsonic": True,
            **payload,
        }
        if self.form is Form.XML:
            return _xml(envelope)
        text = json.dumps({"subsonic-response": envelope}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if self.form is Form.JSONP:  # two signs end a line in a program and do not in JSON
            text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
            text = f"/**/{self.callback}({text});"  # no other kind of file can begin like this
        return text.encode("utf-8", "replace")


def number_of(error: SegueError) -> ErrorNumber:
    """The number that stands for an error: its own, else that of its status; what apps have none for is generic."""
    if isinstance(error, SubsonicError):
        return error.number
    return _NUMBERS.get(getattr(error, "status", 0), ErrorNumber.GENERIC)


_NUMBERS = {401: ErrorNumber.WRONG_LOGIN, 403: ErrorNumber.NOT_ALLOWED, 404: ErrorNumber.NOT_FOUND}
"""By the status that other parts of the server give their errors."""


def check_version(parameters: Parameters) -> None:
    """Refuse an app that speaks another version than this one can answer.

    Raises:
        ParameterRefused: it does not say which, or says nothing that is a version.
        ClientTooOld, ServerTooOld: the first number differs, or the app wants more than there is.
    """
    said = parameters.text("v")
    found = _VERSION.fullmatch(said)
    if found is None:
        raise ParameterRefused("subsonic-no-version", parameter="v", value=said[:20], example="1.16.1")
    major, minor = map(int, found.groups())
    if major < VERSION[0]:
        raise ClientTooOld("subsonic-client-too-old", client=said)
    if (major, minor) > VERSION[:2]:
        raise ServerTooOld("subsonic-server-too-old", client=said)


def server_version() -> str:
    """Of Segue as it is installed; a checkout that is not has none."""
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return "0"


def _xml(envelope: Payload) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _element("subsonic-response", {"xmlns": NAMESPACE, **envelope}, parts)
    return _NO_XML.sub("", "".join(parts)).encode("utf-8")


def _element(name: str, value: Any, parts: list[str]) -> None:
    """Write an element: plain values are its attributes, mappings and lists its children, `value` is its text."""
    if not isinstance(value, Mapping):
        parts.append(f"<{name}>{escape(_plain(value), _BREAKS)}</{name}>")
        return
    children: list[tuple[str, Any]] = []
    parts.append(f"<{name}")
    for key, each in value.items():
        if isinstance(each, str | int | float) and name not in _OF_ELEMENTS:
            if key != _TEXT:
                parts.append(f" {key}={_quoted(_plain(each))}")
        elif isinstance(each, Mapping):
            children.append((key, each))
        elif isinstance(each, Iterable) and not isinstance(each, str):
            children += ((key, one) for one in each)
        else:
            children.append((key, each))
    text = escape(_plain(value.get(_TEXT, "")), _BREAKS)
    if not children and not text:
        parts.append("/>")
        return
    parts.append(f">{text}")
    for key, each in children:
        _element(key, each, parts)
    parts.append(f"</{name}>")


def _quoted(text: str) -> str:
    """An attribute; most hold nothing that has to be written otherwise."""
    return quoteattr(text, _BREAKS_IN_ATTRIBUTES) if _SPECIAL.search(text) else f'"{text}"'


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
