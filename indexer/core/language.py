"""Words for people, in their language: every sentence the player shows goes through `tr`."""

from __future__ import annotations

from gettext import NullTranslations

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
"""Codes of the languages that the window speaks."""

# What stands between thousands and before decimals, given as a translation of the English signs.
_SIGNS = {"de": str.maketrans(",.", ".,")}

_translations: NullTranslations = NullTranslations()
_code = ENGLISH


def use(translations: NullTranslations, language: str = ENGLISH) -> None:
    """Translate with these from now on, and write numbers as in `language`; English where they know nothing."""
    global _translations, _code
    _translations, _code = translations, language


def code() -> str:
    """Of the language that is spoken."""
    return _code


def tr(text: str, /, **values: object) -> str:
    """The translation of an English text, with `{named}` places filled in after translating."""
    found = _translations.gettext(text) if text else ""
    return found.format(**values) if values else found


def trn(one: str, many: str, amount: int, /, **values: object) -> str:
    """The translation for a number of things; `{number}` is filled in, with separators between thousands."""
    return _translations.ngettext(one, many, amount).format(**{"number": number(amount), **values})


def number(value: float, decimals: int = 0) -> str:
    """A number with separators between thousands: `1,234.5` in English, `1.234,5` in German."""
    return f"{value:,.{decimals}f}".translate(_SIGNS.get(_code, {}))


def short_number(value: float) -> str:
    """A number with as many decimals as it needs: `1.25`, `3`."""
    return f"{value:g}".translate(_SIGNS.get(_code, {}))


def mark(text: str) -> str:
    """`text` itself: marks a constant that is given to `tr` when it is shown."""
    return text
