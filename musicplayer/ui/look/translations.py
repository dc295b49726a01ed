"""Makes the window speak a language: its own words from a `.po` file, Qt's own, numbers, reading direction."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from indexer.core import language
from musicplayer.translations import chosen, load


def speak(qt: QApplication, setting: str, cache: Path) -> str:
    """Choose the language, and have everything that is made from now on speak it.

    Args:
        qt: the application whose dialogs and direction follow.
        setting: code of a language, empty for the system's.
        cache: folder where translations are kept in the form that is read fastest.

    Returns:
        the code of the language.
    """
    code = chosen(setting, QLocale.system().uiLanguages())
    locale = _locale(code)
    QLocale.setDefault(locale)
    language.use(load(code, cache), code)
    qt.setLayoutDirection(locale.textDirection())
    translator = QTranslator(qt)
    if translator.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        qt.installTranslator(translator)
    return code


def _locale(code: str) -> QLocale:
    """The system's locale where it has this language, for its country's ways; else the language's own."""
    system = QLocale.system()
    return system if QLocale(code).language() == system.language() else QLocale(code)
