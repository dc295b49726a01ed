"""Reads the translations that ship with Segue, kept compiled in a cache; without Qt, for window and server alike."""

from __future__ import annotations

import io
import logging
import struct
from collections.abc import Iterable
from gettext import GNUTranslations, NullTranslations
from hashlib import blake2b
from pathlib import Path

from indexer.core.files.atomic import write_atomically
from indexer.core.language import ENGLISH, LANGUAGES
from musicplayer.assets import asset

_log = logging.getLogger(__name__)


def chosen(setting: str, system: Iterable[str]) -> str:
    """The language that is set, else the first of the system's (such as `de-AT`) that the player speaks."""
    wanted = (setting, *system)
    spoken = (code for tag in wanted if (code := tag.replace("_", "-").partition("-")[0].lower()) in LANGUAGES)
    return next(spoken, ENGLISH)


def load(code: str, cache: Path) -> NullTranslations:
    """The translations into a language; English where their file is missing or damaged."""
    if code == ENGLISH:
        return NullTranslations()
    try:
        source = asset(f"translations/{code}.po").read_bytes()
        return _kept(code, source, cache)
    except (OSError, ValueError) as error:
        _log.warning("no translations into %s, which leaves English: %s", code, error)
        return NullTranslations()


def _kept(code: str, source: bytes, cache: Path) -> NullTranslations:
    """A `.po` file in the binary form that was made of it once, for parsing takes longer than a start may.

    Raises:
        ValueError: it is no `.po` file.
    """
    file = cache / f"{code}-{blake2b(source, digest_size=8).hexdigest()}.mo"
    try:
        return GNUTranslations(io.BytesIO(file.read_bytes()))
    except (OSError, ValueError, struct.error):  # not there, or damaged
        made = compile_po(source)
    try:
        for old in cache.glob(f"{code}-*.mo"):
            old.unlink(missing_ok=True)
        write_atomically(file, made)
    except OSError as error:
        _log.warning("%s cannot be written: %s", file, error)
    return GNUTranslations(io.BytesIO(made))


def compile_po(source: bytes) -> bytes:
    """A `.po` file in gettext's binary form, without what is not translated.

    Raises:
        ValueError: it is no such file.
    """
    import polib  # noqa: PLC0415 - of no use to a start that finds the file compiled

    try:
        return bytes(polib.pofile(source.decode("utf-8"), encoding="utf-8").to_binary())
    except (OSError, ValueError) as error:  # polib says OSError of what it cannot parse
        raise ValueError(f"the translations cannot be read: {error}") from error
