"""The root of Segue's errors: each says what happened, names the thing, and tells what a person can do."""

from __future__ import annotations

from typing import Any, Self

from indexer.core.sentences.told import Told, as_value


class SegueError(Told, Exception):
    """An error with a code, and with sentences for a person; the classes below it are for who catches it."""

    def __init__(self, code: str, /, **values: object) -> None:
        """`values` are what the sentences of that code have places for; see `indexer.core.sentences.told.Values`."""
        super().__init__(code)
        self.code = code
        self.values = as_value(values)

    @classmethod
    def again(cls, code: str, values: dict[str, Any]) -> Self:
        """The error of a code and values that came from elsewhere."""
        return cls(code, **values)

    def __str__(self) -> str:
        """Both sentences in English, for logs."""
        return self.english

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by code and values, so that errors cross process boundaries unchanged."""
        return (type(self).again, (self.code, self.values))
