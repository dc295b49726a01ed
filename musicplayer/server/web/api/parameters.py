"""What may be asked with: kinds of parameters, each with its bounds; whatever else comes is refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from enum import Enum, StrEnum
from typing import Any, Protocol

from musicplayer.server.errors import RequestError

LONGEST_ID = 64
"""Characters of the id of anything."""

LARGEST = 2**31
"""No number that anybody asks with is larger, but times are."""

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_REAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_PLAIN = re.compile(r"[0-9A-Za-z_-]*")
_UNCLEAN = re.compile("[\0\ud800-\udfff]")
_NO_NUL = r"^[^\u0000]*$"
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class Unset(Enum):
    """Stands where a value would: the parameter has to be there."""

    REQUIRED = "required"


REQUIRED = Unset.REQUIRED


class ParameterRefused(RequestError):
    """A parameter that is missing, unknown, or not of its kind."""


class Kind(Protocol):
    """A kind of parameter."""

    @property
    def default(self) -> Any:
        """What stands for one that is not there; REQUIRED for none."""

    def from_text(self, name: str, text: str) -> Any:
        """The value of a parameter of an address; raises ParameterRefused."""

    def from_json(self, name: str, value: object) -> Any:
        """The value of a field of a body; raises ParameterRefused."""

    def schema(self) -> dict[str, Any]:
        """The same, said in JSON Schema."""


Kinds = Mapping[str, Kind]
"""Of several parameters, by name."""


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds, both included."""

    default: int | Unset | None = REQUIRED
    _: KW_ONLY
    least: int = 0
    most: int = LARGEST

    def from_text(self, name: str, text: str) -> int:
        return self.from_json(name, int(text) if _WHOLE.fullmatch(text) else None)

    def from_json(self, name: str, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # in JSON there is no difference
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            bounds = {"least": str(self.least), "most": str(self.most)}
            raise ParameterRefused("api-not-whole", name=name, **bounds)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Real:
    """A number within bounds, both included."""

    default: float | Unset | None = REQUIRED
    _: KW_ONLY
    least: float = 0.0
    most: float = float(LARGEST)

    def from_text(self, name: str, text: str) -> float:
        return self.from_json(name, float(text) if _REAL.fullmatch(text) else None)

    def from_json(self, name: str, value: object) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.least <= value <= self.most:  # type: ignore[operator]
            bounds = {"least": f"{self.least:g}", "most": f"{self.most:g}"}
            raise ParameterRefused("api-not-number", name=name, **bounds)
        return float(value)  # type: ignore[arg-type]

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Text:
    """A text of bounded length, without what no text has: half of a pair of surrogates, the character NUL."""

    default: str | Unset | None = REQUIRED
    _: KW_ONLY
    least: int = 0
    most: int = 1_000

    def from_text(self, name: str, text: str) -> str:
        return self.from_json(name, text)

    def from_json(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not self.least <= len(value) <= self.most or not _is_clean(value):
            raise ParameterRefused("api-not-text", name=name, most=str(self.most))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most, "pattern": _NO_NUL}


@dataclass(frozen=True)
class Word(Text):
    """A text of letters without accents, digits, hyphens and underlines."""

    def from_json(self, name: str, value: object) -> str:
        text = super().from_json(name, value)
        if not _PLAIN.fullmatch(text):
            raise ParameterRefused("api-not-text", name=name, most=str(self.most))
        return text

    def schema(self) -> dict[str, Any]:
        return super().schema() | {"pattern": f"^{_PLAIN.pattern}$"}


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    of: type[StrEnum]
    default: StrEnum | Unset | None = REQUIRED

    def from_text(self, name: str, text: str) -> StrEnum:
        return self.from_json(name, text)

    def from_json(self, name: str, value: object) -> StrEnum:
        words = [each.value for each in self.of]
        if not isinstance(value, str) or value not in words:
            raise ParameterRefused("api-no-choice", name=name, words=", ".join(words))
        return self.of(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [each.value for each in self.of]}


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    default: bool | Unset | None = REQUIRED

    def from_text(self, name: str, text: str) -> bool:
        return self.from_json(name, _FLAGS.get(text))

    def from_json(self, name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise ParameterRefused("api-no-flag", name=name)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Many:
    """Several of a kind: a list in a body, the same name again and again in an address."""

    of: Text
    default: tuple[str, ...] | Unset | None = REQUIRED
    _: KW_ONLY
    most: int = 100

    def from_text(self, name: str, text: str) -> tuple[str, ...]:
        return self.from_json(name, [text])

    def from_json(self, name: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > self.most or (self.default is REQUIRED and not value):
            raise ParameterRefused("api-no-list", name=name, most=str(self.most))
        return tuple(self.of.from_json(name, each) for each in value)

    def schema(self) -> dict[str, Any]:
        least = 1 if self.default is REQUIRED else 0
        return {"type": "array", "items": self.of.schema(), "minItems": least, "maxItems": self.most}


@dataclass(frozen=True)
class Objects:
    """Several objects, each with the same fields; fields beside these are those of a later version, and ignored."""

    of: Kinds
    default: tuple[Mapping[str, Any], ...] | Unset | None = REQUIRED
    _: KW_ONLY
    most: int = 100

    def from_text(self, name: str, _: str) -> tuple[Mapping[str, Any], ...]:
        raise ParameterRefused("api-no-list", name=name, most=str(self.most))

    def from_json(self, name: str, value: object) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(value, list) or len(value) > self.most or not all(isinstance(each, dict) for each in value):
            raise ParameterRefused("api-no-list", name=name, most=str(self.most))
        known = ({field: said for field, said in each.items() if field in self.of} for each in value)
        return tuple(from_body(self.of, each) for each in known)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": object_schema(self.of, others=True), "maxItems": self.most}


IDENTITY = Text(least=1, most=LONGEST_ID)
"""The id of a track or anything else."""


def from_query(kinds: Kinds, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Values by name of the parameters of an address, with what stands for those that are not there.

    Raises:
        ParameterRefused: one is unknown, named twice, missing, or not of its kind.
    """
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return _with_defaults(kinds, {name: _of_texts(kinds, name, found) for name, found in texts.items()})


def from_body(kinds: Kinds, body: object) -> dict[str, Any]:
    """The same of a JSON object; null is as good as nothing where nothing need be there.

    Raises:
        ParameterRefused: as for `from_query`, and what is no object.
    """
    if not isinstance(body, dict):
        raise ParameterRefused("api-no-object")
    said = {name: value for name, value in body.items() if value is not None or _known(kinds, name).default is REQUIRED}
    return _with_defaults(kinds, {name: _known(kinds, name).from_json(name, value) for name, value in said.items()})


def _of_texts(kinds: Kinds, name: str, texts: list[str]) -> Any:
    kind = _known(kinds, name)
    if isinstance(kind, Many):
        return kind.from_json(name, texts)
    if len(texts) > 1:
        raise ParameterRefused("api-twice", name=shortened(name))
    return kind.from_text(name, texts[0])


def _known(kinds: Kinds, name: str) -> Kind:
    kind = kinds.get(name)
    if kind is None:
        raise ParameterRefused("api-unknown", name=shortened(name))
    return kind


def _with_defaults(kinds: Kinds, values: dict[str, Any]) -> dict[str, Any]:
    for name, kind in kinds.items():
        if name not in values:
            if kind.default is REQUIRED:
                raise ParameterRefused("api-missing", name=name)
            values[name] = kind.default
    return values


def object_schema(kinds: Kinds, *, others: bool = False) -> dict[str, Any]:
    """An object of these fields in JSON Schema; with `others`, of whatever else, too."""
    return {
        "type": "object",
        "properties": {name: kind.schema() for name, kind in kinds.items()},
        "required": [name for name, kind in kinds.items() if kind.default is REQUIRED],
        "additionalProperties": others,
    }


def shortened(name: str) -> str:
    """What somebody sent, to be named in a sentence."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:40])


def _is_clean(text: str) -> bool:
    return _UNCLEAN.search(text) is None
