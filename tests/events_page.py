"""What docs/events.md shows: its sections, the tables of fields, and the blocks of code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from indexer.core.kafka.address import Topic
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "events.md"

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|(.*)\|$", re.MULTILINE)
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


class Field(NamedTuple):
    """A row of a table of fields."""

    name: str
    type: str
    required: str
    meaning: str


def sections() -> dict[str, str]:
    """The text below each heading."""
    _, *parts = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def fields_in(text: str) -> dict[str, Field]:
    """The fields of all tables in a text, by name; of several of one name the first."""
    return {row[0]: Field(*map(str.strip, row)) for row in reversed(_ROW.findall(text))}


def blocks(language: str, text: str | None = None) -> list[str]:
    """The blocks of code in a language."""
    whole = PAGE.read_text(encoding="utf-8") if text is None else text
    return [code for found, code in _BLOCK.findall(whole) if found == language]


def examples() -> Iterator[tuple[Topic, dict[str, Any]]]:
    """Each message that the page shows, with the topic that it is of."""
    for title, text in sections().items():
        for code in blocks("json", text):
            yield Topic(title.removeprefix("segue.")), json.loads(code)
