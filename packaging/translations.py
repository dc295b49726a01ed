"""Brings the translations up to date with the sentences in the sources, and keeps what is translated already.

Run `.venv/bin/python packaging/translations.py` after a change of words: it rewrites `resources/translations/*.po`
and names what is left to translate. With `--check` it only looks. It ends with 1 where something is missing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (ROOT / "musicplayer", ROOT / "indexer")
TRANSLATIONS = ROOT / "resources" / "translations"
WORDS_OF = {"tr": 1, "mark": 1, "trn": 2, "markn": 2}
"""Functions of `indexer.core.language`, and how many of their first arguments are sentences."""

NOT_TRANSLATED = ("tour",)
"""The tour looks for English words in the window, so it is English itself."""

_WIDTH = 110
_TWO_FORMS = "nplurals=2; plural=(n != 1);"


@dataclass
class Message:
    """A sentence in English, its plural or nothing, and the files that it is in."""

    one: str
    many: str = ""
    files: list[str] = field(default_factory=list)


def messages() -> dict[str, Message]:
    """Every sentence that the player says, in its own code or in what it shares, by its English words."""
    found: dict[str, Message] = {}
    for path in sorted(path for folder in SOURCES for path in folder.rglob("*.py")):
        name = path.relative_to(ROOT)
        if name.parts[1] not in NOT_TRANSLATED:
            _collect(found, path, name.as_posix())
    return found


def sentences(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The English sentences that a module gives to `tr`, `mark` and `trn`, each with its plural or nothing."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        count = WORDS_OF.get(call.func.id, 0)
        texts = [argument.value for argument in call.args[:count] if isinstance(argument, ast.Constant)]
        if count and len(texts) == count:
            yield texts[0], texts[1] if count > 1 else ""


def update(path: Path, wanted: Iterable[Message]) -> polib.POFile:
    """The file at `path` with just the `wanted` messages: translated where they were, else without a translation."""
    old = polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    made = polib.POFile(wrapwidth=_WIDTH)
    made.header = f"{_language_of(path)} translation of Segue."
    made.metadata = {
        "Project-Id-Version": "segue",
        "Language": path.stem,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": old.metadata.get("Plural-Forms", _TWO_FORMS),
    }
    for message in wanted:
        made.append(_entry(message, known.get(message.one)))
    return made


def missing(translations: polib.POFile) -> list[str]:
    """The messages without a translation, or with one that is only guessed."""
    return [entry.msgid for entry in translations if not entry.translated()]


def main(arguments: Sequence[str]) -> int:
    wanted = list(messages().values())
    left = 0
    for path in sorted(TRANSLATIONS.glob("*.po")):
        made = update(path, wanted)
        if "--check" not in arguments:
            made.save(str(path))
        lacking = missing(made)
        left += len(lacking)
        print(f"{path.name}: {len(made)} messages, {len(lacking)} to translate")  # noqa: T201
        for text in lacking:
            print(f"    {text!r}")  # noqa: T201
    return 1 if left else 0


def _collect(found: dict[str, Message], path: Path, name: str) -> None:
    for one, many in sentences(ast.parse(path.read_text(encoding="utf-8"))):
        message = found.setdefault(one, Message(one))
        message.many = message.many or many
        if name not in message.files:
            message.files.append(name)


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    made = polib.POEntry(msgid=message.one, occurrences=[(name, "") for name in message.files])
    if message.many:
        made.msgid_plural = message.many
        made.msgstr_plural = dict(known.msgstr_plural) if known is not None and known.msgstr_plural else {0: "", 1: ""}
    elif known is not None:
        made.msgstr = known.msgstr
    if known is not None:
        made.flags, made.tcomment = list(known.flags), known.tcomment
    return made


def _language_of(path: Path) -> str:
    return {"de": "German"}.get(path.stem, path.stem)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
