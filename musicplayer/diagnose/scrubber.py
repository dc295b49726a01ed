"""Takes out of a text what a report must not hold, and puts the same placeholder wherever the same thing stood."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import indexer
from indexer.core.files.redaction import HIDDEN, nameless, redacted
from musicplayer.diagnose.names import Names
from musicplayer.diagnose.personal import Personal
from musicplayer.diagnose.spelling import any_of

_LOG_LINE = re.compile(r"^(\d{4}-\d\d-\d\dT\S+ [A-Z]+ +\d+ [\w.]+: )(.*)$")
_CODE_TAIL = r"(?:[\\/]+[\w.+-]+)*\.(?:py|pyd|so|dylib|dll)[\w.]*"
_SHORTEST_PLACE = 4
"""Characters; a shorter path is in every other line, and is found as any absolute path is."""


class Scrubber:
    """Knows what is personal on one machine."""

    def __init__(self, personal: Personal) -> None:
        self._secrets = any_of(personal.secrets)
        self._code = _code_folders()
        places = _numbered("folder", personal.folders) | dict.fromkeys(personal.homes, "‹home›")
        places = {path: name for path, name in places.items() if len(path) >= _SHORTEST_PLACE}
        self._place_names = list(places.values())
        self._place = re.compile(rf"(?:{any_of(list(places)).pattern})[^\n\"]*", re.IGNORECASE)
        words = _numbered("private", personal.people) | _numbered("host", personal.hosts)
        self._word_names = list(words.values())
        self._word = any_of(list(words))
        self._music = Names(personal.music)
        self._numbers: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Whole lines of a log, or a sentence."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def value(self, value: Any) -> Any:
        """The same for all texts in a value made of lists, dictionaries and plain values; keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.words(str(name)): self.value(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value

    def words(self, text: str) -> str:
        """Only passwords and what tells who and where; for text that holds no names of music."""
        text = self._secrets.sub(HIDDEN, redacted(text))
        text = self._place.sub(self._name_of_place, text)
        return self._word.sub(self._name_of_word, text)

    def _line(self, line: str) -> str:
        """Places before names: a name could be a part of one, and hide the rest of it from us."""
        parts = _LOG_LINE.match(line)
        head, said = parts.groups() if parts else ("", line)
        said = self._secrets.sub(HIDDEN, redacted(said))
        said = self._code.sub(_name_of_code, said)
        said = self._place.sub(self._name_of_place, said)
        said = nameless(said)
        said = self._music.replaced(said, self._name_of_music)
        return self._word.sub(self._name_of_word, head + said)

    def _name_of_place(self, match: re.Match[str]) -> str:
        return _named(match, self._place_names)

    def _name_of_word(self, match: re.Match[str]) -> str:
        return _named(match, self._word_names)

    def _name_of_music(self, name: str) -> str:
        return f"‹name {self._numbers.setdefault(name, len(self._numbers) + 1)}›"


def _numbered(kind: str, texts: Sequence[str]) -> dict[str, str]:
    return {text: f"‹{kind} {number}›" for number, text in enumerate(texts, start=1)}


def _named(match: re.Match[str], names: Sequence[str]) -> str:
    """The placeholder of the alternative that was found: the group `n3` is the fourth."""
    index = next(int(group[1:]) for group, found in match.groupdict().items() if found is not None)
    return names[index]


def _code_folders() -> re.Pattern[str]:
    """Where the program and Python lie, which may be a home folder: what follows below it is code, and is kept."""
    places = {
        "python": [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), sys.prefix, sys.base_prefix],
        "segue": [str(Path(indexer.__file__).resolve().parent.parent)],
    }
    groups = [
        f"(?P<{name}>{'|'.join(re.escape(folder) for folder in folders if folder)})" for name, folders in places.items()
    ]
    return re.compile(rf"(?:{'|'.join(groups)})(?=[\\/])(?P<tail>{_CODE_TAIL})")


def _name_of_code(match: re.Match[str]) -> str:
    return f"‹{'python' if match['python'] else 'segue'}›{match['tail']}"
