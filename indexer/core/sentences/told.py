"""Makes sentences of codes and values: in the language that is spoken, or in English for logs and shells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.core.language import IN_ENGLISH, Language, Sentences, Template, spoken
from indexer.core.sentences.editing import EDITING
from indexer.core.sentences.files import FILES
from indexer.core.sentences.history import HISTORY
from indexer.core.sentences.jobs import JOBS
from indexer.core.sentences.library import LIBRARY
from indexer.core.sentences.models import MODELS
from indexer.core.sentences.network import NETWORK
from indexer.core.sentences.shared import SHARED
from indexer.core.sentences.streaming import STREAMING

Values = Mapping[str, Any]
"""Places of a sentence by name: texts, numbers, other sentences as `Told.told`, or lists of these. All of it is JSON.

A whole number is a count and gets separators between thousands; what merely names something, such as a line or a
process, is a text. Some are no places: `detail` and `at` follow the sentence in brackets, and `then`, a sentence or its
text, is the advice where that depends on more than the code.
"""

PLAIN = "plain"
"""The code of sentences that were made elsewhere: they are shown as they are."""

SENTENCES: Sentences = {
    PLAIN: ("{message}", "{advice}"),
    **EDITING,
    **FILES,
    **HISTORY,
    **JOBS,
    **LIBRARY,
    **MODELS,
    **NETWORK,
    **SHARED,
    **STREAMING,
}
"""The one catalogue of sentences by code, for the shell, the window and whatever else shows them."""

_AFTERWARDS = ("detail", "at")
_MISSING = "…"


class Told:
    """What is told by a code and values: the sentences are made when they are asked for.

    Attributes:
        code: stable; see `SENTENCES`.
        values: what goes into the sentences.
    """

    __slots__ = ()
    code: str
    values: Values

    @property
    def message(self) -> str:
        """What happened, in the language that is spoken."""
        return message_of(self.code, self.values, spoken())

    @property
    def advice(self) -> str:
        """What to do about it, in the language that is spoken; empty where there is nothing to say."""
        return advice_of(self.code, self.values, spoken())

    @property
    def sentences(self) -> str:
        """Both sentences, in the language that is spoken."""
        return f"{self.message} {self.advice}".strip()

    @property
    def english(self) -> str:
        """Both sentences in English."""
        message, advice = (say(self.code, self.values, IN_ENGLISH) for say in (message_of, advice_of))
        return f"{message} {advice}".strip()

    @property
    def told(self) -> dict[str, Any]:
        """Code and values, to be put into those of another sentence or sent to another process."""
        return told(self.code, **self.values)


def told(code: str, /, **values: object) -> dict[str, Any]:
    """A sentence as a value of another one."""
    return {"code": code, "values": as_value(values)}


def plain(message: str, advice: str = "") -> tuple[str, dict[str, Any]]:
    """The code and values of sentences that were made elsewhere, by another program or an earlier version."""
    return PLAIN, {"message": message, "advice": advice}


def told_of(record: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Code and values of a record with both, or with the sentences that earlier versions wrote instead.

    Raises:
        TypeError: the values are none.
    """
    if "code" not in record:
        return plain(str(record.get("message", "")), str(record.get("advice", "")))
    values = record.get("values", {})
    if not isinstance(values, dict):
        raise TypeError("values")
    return str(record["code"]), values


def recognised(record: Mapping[str, Any], **places: str) -> tuple[str, dict[str, Any]]:
    """The code of the sentences about a file that an earlier version wrote, where this one would write the same."""
    message = str(record.get("message", ""))
    for code, (template, _) in FILES.items():
        sentence = _filled(template, places, IN_ENGLISH)
        if message == sentence:
            return code, dict(places)
        if message.startswith(f"{sentence} (") and message.endswith(")"):
            return code, {**places, "detail": message[len(sentence) + 2 : -1]}
    return plain(message, str(record.get("advice", "")))


def as_value(value: object) -> Any:
    """`value` as JSON can hold it: numbers, texts, sentences and lists stay, all else becomes text."""
    match value:
        case str() | bool() | int() | float():
            return value
        case Told():
            return value.told
        case Mapping():
            return {str(name): as_value(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [as_value(each) for each in value]
        case _:
            return str(value)


def shown(value: object) -> str:
    """A sentence that is kept as `told` makes it, or as its text, in the language that is spoken."""
    return _shown(value, spoken())


def message_of(code: str, values: Values, language: Language) -> str:
    """The sentence for a code; the code itself where this version knows none."""
    templates = SENTENCES.get(code)
    if templates is None:
        return " ".join([code, *(f"{name}: {_shown(value, language)}" for name, value in values.items())])
    sentence = _filled(templates[0], values, language)
    return " ".join([sentence, *(f"({_shown(values[name], language)})" for name in _AFTERWARDS if values.get(name))])


def advice_of(code: str, values: Values, language: Language) -> str:
    """The second sentence for a code, empty where there is none."""
    if "then" in values:
        return _shown(values["then"], language)
    templates = SENTENCES.get(code)
    return "" if templates is None else _filled(templates[1], values, language)


def _filled(template: Template, values: Values, language: Language) -> str:
    if isinstance(template, tuple):
        number = values.get("number")
        found = language.plural(*template, number if isinstance(number, int) else 0)
    else:
        found = language.tr(template)
    return found.format_map(_Places({name: _Place(value, language) for name, value in values.items()}))


class _Places(dict[str, "_Place"]):
    """What is missing shows as such: a sentence of another version may want more than it was given."""

    def __missing__(self, name: str) -> _Place:
        return _Place(_MISSING, IN_ENGLISH)


class _Place:
    """A value as a template writes it: `{number}`, `{seconds:.1f}`."""

    def __init__(self, value: object, language: Language) -> None:
        self._value = value
        self._language = language

    def __format__(self, form: str) -> str:
        if isinstance(self._value, int | float):
            return self._language.written(self._value, form or ("," if isinstance(self._value, int) else "g"))
        return _shown(self._value, self._language)


def _shown(value: object, language: Language) -> str:
    match value:
        case {"code": str(code), "values": dict(values)}:
            return message_of(code, values, language)
        case list() | tuple():
            return ", ".join(_shown(each, language) for each in value)
        case int() | float():
            return format(_Place(value, language), "")
        case _:
            return str(value)
