"""Every sentence can be translated, and is."""

from __future__ import annotations

import ast
import importlib.util
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import polib
import pytest

from indexer.core import language
from indexer.core.audio.errors import CorruptFile
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import MoreLike
from indexer.core.errors import SegueError
from indexer.core.events import Failed, Notice
from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import LANGUAGES, number, short_number, tr, trn
from indexer.core.phrases import key_name, listed, per_cent, span
from indexer.core.sentences.told import plain
from indexer.core.tracks import TrackId
from indexer.spark.steps import STEPS
from musicplayer import translations
from tests.conftest import REPOSITORY

PLACE = re.compile(r"\{\w+(?::[^}]*)?\}")
LETTERS = re.compile(r"[^\W\d_]{2}")
NO_SENTENCE = re.compile(
    r"[a-z0-9_.*-]+"  # names of icons, tones and settings
    r"|(?:(?:Ctrl|Shift|Alt)\+)*(?:\w|F\d+|Right|Left|Up|Down|Space|Delete|Del|Esc|Return|Backspace|[.,+-])"
    r"|mongodb\S*"
)
SHOWN = re.compile(
    r"set(Text|ToolTip|AccessibleName|AccessibleDescription|WindowTitle|PlaceholderText|Title|Suffix|Prefix)"
    r"|setSpecialValueText|setHeaderLabels|set_note|set_whole_text|showText|add(Action|Menu|Item|Button)"
    r"|Q(Action|Menu|Label|CheckBox|RadioButton|PushButton|ToolButton|GroupBox|FileDialog|DockWidget)"
    r"|ElidedLabel|WrappedLabel|DockTitle|StatePage|EmptyWords|EmptyState|ConfirmDialog|JumpSlider|Form|Place"
    r"|Fact|Section|text_label|heading|row|(push|tool|worded)_button|show_state|show_failure|tell|warn|offer|announce"
    r"|emit"
)


@pytest.fixture(autouse=True)
def speaks_english() -> Iterator[None]:
    yield
    language.use(translations.load(language.ENGLISH, Path()))


@pytest.fixture(scope="module")
def extractor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations_script", REPOSITORY / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(REPOSITORY / "resources" / "translations" / f"{code}.po"), encoding="utf-8")


TRANSLATED = [code for code in LANGUAGES if code != language.ENGLISH]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_has_a_translation_that_nobody_guessed(code: str, extractor: ModuleType) -> None:
    """`python packaging/translations.py` adds what is new; then the translations are to be written."""
    found = catalogue(code)
    wanted = extractor.messages()
    assert {entry.msgid for entry in found} == set(wanted)
    assert [entry.msgid for entry in found if not entry.translated() or entry.fuzzy] == []
    assert {entry.msgid: entry.msgid_plural for entry in found} == {one: text.many for one, text in wanted.items()}


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_hold_the_same_values(code: str) -> None:
    wrong = []
    for entry in catalogue(code):
        many = entry.msgstr_plural[max(entry.msgstr_plural)] if entry.msgid_plural else entry.msgstr
        if set(PLACE.findall(entry.msgid_plural or entry.msgid)) != set(PLACE.findall(many)):
            wrong.append(entry.msgid)
        if any(set(PLACE.findall(form)) - set(PLACE.findall(many)) for form in entry.msgstr_plural.values()):
            wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_plural_forms_are_complete(code: str) -> None:
    found = catalogue(code)
    forms = int(re.search(r"nplurals=(\d)", found.metadata["Plural-Forms"])[1])  # type: ignore[index]
    lacking = [entry.msgid for entry in found if entry.msgid_plural and set(entry.msgstr_plural) != set(range(forms))]
    assert lacking == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_spaces_around_a_sentence_and_its_ellipsis_are_kept(code: str) -> None:
    def edges(text: str) -> tuple[bool, bool, bool]:
        return text[:1].isspace(), text[-1:].isspace(), text.endswith("…")

    assert [
        entry.msgid for entry in catalogue(code) if entry.msgstr and edges(entry.msgid) != edges(entry.msgstr)
    ] == []


def plain_texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Strings that are written where a person sees them, without a call that translates them."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and SHOWN.fullmatch(name_of(call)):
            for given in [*call.args, *(keyword.value for keyword in call.keywords)]:
                yield from strings_in(given)
        elif isinstance(call, ast.Call) and name_of(call) == "setProperty" and isinstance(call.args[0], ast.Name):
            yield from strings_in(call.args[1])


def strings_in(node: ast.expr) -> Iterator[ast.expr]:
    """The strings that `node` may be."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield node
        case ast.IfExp(body=body, orelse=other):
            yield from strings_in(body)
            yield from strings_in(other)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from strings_in(part)
        case ast.BinOp(left=left, right=right):
            yield from strings_in(left)
            yield from strings_in(right)


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def words_of(node: ast.expr) -> str:
    """What is fixed of a string."""
    if isinstance(node, ast.JoinedStr):
        return " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)).strip()
    return str(node.value) if isinstance(node, ast.Constant) else ""


def is_sentence(node: ast.expr) -> bool:
    text = words_of(node)
    if text == "Segue" or not LETTERS.search(text):
        return False
    return isinstance(node, ast.JoinedStr) or not NO_SENTENCE.fullmatch(text)


def test_nothing_that_a_person_sees_is_written_without_tr(extractor: ModuleType) -> None:
    plain = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}: {words_of(node)}"
        for path in sorted((REPOSITORY / "musicplayer").rglob("*.py"))
        if path.relative_to(REPOSITORY).parts[1] not in extractor.NOT_TRANSLATED
        for node in plain_texts(ast.parse(path.read_text(encoding="utf-8")))
        if is_sentence(node)
    ]
    assert plain == []


def test_a_plain_text_is_noticed() -> None:
    code = 'label.setText("Play" if on else f"{n} tracks")\nbutton = push_button(tr("Play"), icon="play")'
    assert [words_of(node) for node in plain_texts(ast.parse(code)) if is_sentence(node)] == [
        "Play",
        "tracks",
    ]


def test_values_never_stand_inside_the_words_given_to_tr() -> None:
    """An f-string given to `tr` is another text for each value, and so in no catalogue."""
    found = [
        f"{path.relative_to(REPOSITORY)}:{call.lineno}"
        for path in sorted((REPOSITORY / "musicplayer").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and name_of(call) in {"tr", "trn", "mark"} and call.args
        if any(isinstance(argument, ast.JoinedStr) for argument in call.args[:2])
    ]
    assert found == []


@pytest.mark.parametrize(
    ("setting", "system", "code"),
    [
        ("de", ["fr-FR"], "de"),
        ("", ["de-AT", "en-GB"], "de"),
        ("", ["fr-FR", "de"], "de"),
        ("", ["en-GB", "de"], "en"),
        ("", ["ja-JP"], "en"),
        ("", [], "en"),
        ("tlh", ["de_DE"], "de"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_systems(setting: str, system: list[str], code: str) -> None:
    assert translations.chosen(setting, system) == code


def test_german_words_numbers_and_plurals(german: None) -> None:
    assert tr("Queue") == "Warteschlange"
    assert tr("no such sentence {value}", value=3) == "no such sentence 3"
    assert trn("{number} file with problems", "{number} files with problems", 1) == "1 Datei mit Problemen"
    many = trn("{number} file with problems", "{number} files with problems", 106_574)
    assert many == "106.574 Dateien mit Problemen"
    assert [number(1234.5, 1), short_number(1.25), per_cent(99.2, 1)] == ["1.234,5", "1,25", "99,2\N{NO-BREAK SPACE}%"]
    assert span(9_600) == "2 h 40 min"
    assert listed(["Klangfarbe", "Harmonie", "Rhythmus"]) == "Klangfarbe, Harmonie und Rhythmus"


def test_english_needs_no_file_and_keeps_its_numbers(tmp_path: Path) -> None:
    language.use(translations.load("en", tmp_path))
    assert tr("Play {title}", title="{odd}") == "Play {odd}"
    assert [number(1234567), number(0.5, 2), short_number(2.0), per_cent(98)] == ["1,234,567", "0.50", "2", "98%"]
    assert list(tmp_path.iterdir()) == []


def test_steps_of_a_build_are_named(german: None) -> None:
    assert [step for step in STEPS if tr(step) == step] == []


def test_what_the_indexer_says_is_translated_with_its_values(german: None) -> None:
    assert CorruptFile("/m/ä.mp3").message == "ä.mp3 ist beschädigt."
    assert CorruptFile("a.mp3", "no frame").message == "a.mp3 ist beschädigt. (no frame)"
    assert Failed("folder-missing", {"folder": "/x/{y}"}).message == "Es gibt keinen Ordner /x/{y}."
    assert Notice("tracks-renewed", {"number": 1234}).message.endswith(": 1.234.")
    assert Notice(*plain("Something else.")).message == "Something else."
    assert [key_name("B minor"), key_name("C♯ major"), key_name(None)] == ["h-Moll", "Cis-Dur", ""]


def test_an_answer_of_more_like_this_is_worded_where_it_is_shown(german: None) -> None:
    more_like = MoreLike(Catalogue())
    more_like.is_looked_for, more_like.counts = True, LibraryCounts(8_000, 312)
    answer = more_like.answer([TrackId("a" * 32)], 10)
    assert answer.message == "Segue analysiert noch die Musik: 312 von 8.000 erledigt."
    more_like.fault = SegueError("model-damaged", folder="/m")
    answer = more_like.answer([TrackId("a" * 32)], 10)
    assert (answer.message, answer.remark) == ("Das Ähnlichkeitsmodell in /m ist beschädigt.", more_like.fault)
    assert answer.advice.startswith("Bibliothek")


def test_the_compiled_form_is_kept_and_made_again_when_it_is_damaged(tmp_path: Path) -> None:
    assert translations.load("de", tmp_path).gettext("Queue") == "Warteschlange"
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    translations.load("de", tmp_path)
    assert kept.stat().st_mtime_ns == written
    kept.write_bytes(b"no such form")
    assert translations.load("de", tmp_path).gettext("Queue") == "Warteschlange"
    assert translations.load("de", tmp_path / "new" / "folder").gettext("Queue") == "Warteschlange"


def test_the_form_of_older_words_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "de-0000.mo").write_bytes(b"old")
    translations.load("de", tmp_path)
    assert not (tmp_path / "de-0000.mo").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe no text", b"no translations", None])
def test_a_broken_or_missing_file_leaves_english(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "de.po"
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(translations, "asset", lambda name: broken)
    with caplog.at_level(logging.WARNING):
        assert translations.load("de", tmp_path / "cache").gettext("Queue") == "Queue"
    assert "de" in caplog.text
