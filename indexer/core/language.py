"""Words for people, in their language: every sentence that is shown goes through `tr`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
"""Codes of the languages that the window speaks."""

Template = str | tuple[str, str]
"""What `mark` returns, or `markn` where the sentence counts something as `{number}`."""

Sentences = dict[str, tuple[Template, str]]
"""By code: what happened, and what to do about it or nothing."""

# What stands between thousands and before decimals, given as a translation of the English signs.
_SIGNS = {"de": str.maketrans(",.", ".,")}


class Language:
    """A language that can be spoken: the translations of English sentences, and how it writes numbers."""

    def __init__(self, translations: NullTranslations | None = None, code: str = ENGLISH) -> None:
        self.code = code
        self._translations = translations or NullTranslations()

    def tr(self, text: str, /, **values: object) -> str:
        """See `tr`."""
        found = self._translations.gettext(text) if text else ""
        return found.format(**values) if values else found

    def plural(self, one: str, many: str, amount: int) -> str:
        """The form for a number of things, its places still empty."""
        return self._translations.ngettext(one, many, amount)

    def number(self, value: float, decimals: int = 0) -> str:
        """See `number`."""
        return self.written(value, f",.{decimals}f")

    def written(self, value: float, form: str) -> str:
        """A number in a form of `format`, with the signs of this language."""
        return format(value, form).translate(_SIGNS.get(self.code, {}))


IN_ENGLISH = Language()
"""For logs and shells, whatever the window speaks."""

_spoken = IN_ENGLISH
_here: ContextVar[Language | None] = ContextVar("language", default=None)


def use(translations: NullTranslations, language: str = ENGLISH) -> None:
    """Translate with these from now on, and write numbers as in `language`; English where they know nothing."""
    global _spoken  # noqa: PLW0603 - a process speaks one language by itself
    _spoken = Language(translations, language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak another language for a while, in this context alone: while a request is answered, for one."""
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def spoken() -> Language:
    """The language of this context, else the one that `use` chose last."""
    return _here.get() or _spoken


def code() -> str:
    """Of the language that is spoken."""
    return spoken().code


def tr(text: str, /, **values: object) -> str:
    """The translation of an English text, with `{named}` places filled in after translating."""
    return spoken().tr(text, **values)


def trn(one: str, many: str, amount: int, /, **values: object) -> str:
    """The translation for a number of things; `{number}` is filled in, with separators between thousands."""
    return spoken().plural(one, many, amount).format(**{"number": number(amount), **values})


def number(value: float, decimals: int = 0) -> str:
    """A number with separators between thousands: `1,234.5` in English, `1.234,5` in German."""
    return spoken().number(value, decimals)


def short_number(value: float) -> str:
    """A number with as many decimals as it needs: `1.25`, `3`."""
    return spoken().written(value, "g")


def mark(text: str) -> str:
    """`text` itself: marks a constant that is given to `tr` when it is shown."""
    return text


def markn(one: str, many: str) -> Template:
    """Both texts: marks constants of which one is chosen by the number when they are shown."""
    return one, many
