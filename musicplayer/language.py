"""Words for people, in their language: every sentence the player shows goes through `tr`."""

from __future__ import annotations

from gettext import NullTranslations

LANGUAGES = ("en", "de")
"""Codes of the languages that the window speaks."""

_translations: NullTranslations = NullTranslations()


def use(translations: NullTranslations) -> None:
    """Translate with these from now on; English where they know nothing."""
    global _translations  # noqa: PLW0603 - one language at a time, chosen at the start
    _translations = translations


def tr(text: str, **values: object) -> str:
    """The translation of an English text, with `{named}` places filled in after translating."""
    found = _translations.gettext(text) if text else ""
    return found.format(**values) if values else found


def trn(one: str, many: str, number: int, **values: object) -> str:
    """The translation for a number of things; `{number}` is filled in, with separators between thousands."""
    return _translations.ngettext(one, many, number).format(number=f"{number:,}", **values)


def mark(text: str) -> str:
    """`text` itself: marks a constant that is given to `tr` when it is shown."""
    return text
