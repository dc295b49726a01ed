"""The files of the page: they say only what is translated, run without inline script or style, and are all there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.core.discover.map_frame import AIR, MOST_APART, WORTH_TURNING, fitted
from musicplayer.server.web import words
from tests.conftest import REPOSITORY

WEB = REPOSITORY / "resources" / "web"
SCRIPTS = sorted((WEB / "static").rglob("*.js"))
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
LONGEST = 300

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_ONE = re.compile(rf"\btr\(\s*{_TEXT}")
_COUNTED = re.compile(rf"\btrn\(\s*{_TEXT},\s*{_TEXT}")


def found(pattern: re.Pattern[str], files: list[Path]) -> Iterator[tuple[str, ...]]:
    for file in files:
        for match in pattern.finditer(file.read_text(encoding="utf-8")):
            yield match.groups()


def test_what_the_scripts_say_is_sent_along_and_nothing_else() -> None:
    assert {text for (text,) in found(_ONE, SCRIPTS)} == set(words.TEXTS)
    assert set(found(_COUNTED, SCRIPTS)) == set(words.COUNTED)


def test_what_the_templates_say_is_translated() -> None:
    assert {text for (text,) in found(_ONE, TEMPLATES)} == set(words.SHELL)


def test_a_script_says_nothing_without_its_tr() -> None:
    """Names for screen readers, titles and texts that stand in quotes where an element is made."""
    plain = re.compile(r'(?:"aria-label"|title|placeholder): "([A-Za-z][^"]+)"|h\("\w+", \{[^}]*\}, "([A-Za-z][^"]*)"')
    assert list(found(plain, SCRIPTS)) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_are_short_and_begin_with_what_they_are_for(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("/** ")
    assert text.count("\n") <= LONGEST


@pytest.mark.parametrize(
    "word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
)
def test_no_script_parses_data_as_markup_or_code(word: str) -> None:
    assert [file.name for file in SCRIPTS if word in file.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_have_no_inline_style_script_or_handler(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son\w+=|<style", text) == []
    assert re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))", text) == []
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//", text) == []


def test_every_glyph_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (WEB / "static" / "icons.svg").read_text(encoding="utf-8")))
    named = {one or other for one, other in found(re.compile(r'iconButton\("([a-z-]+)"|glyph: "([a-z-]+)"'), SCRIPTS)}
    assert named - drawn == set()


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here, which parses the scripts")
def test_every_script_can_be_parsed(tmp_path: Path) -> None:
    for file in SCRIPTS:
        module = tmp_path / f"{file.stem}.mjs"
        module.write_bytes(file.read_bytes())
        checked = subprocess.run(["node", "--check", module], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here, which runs the script")
def test_the_page_fills_itself_with_the_map_as_the_window_does(tmp_path: Path) -> None:
    module = tmp_path / "mapframe.mjs"
    module.write_bytes((WEB / "static/js/places/mapframe.js").read_bytes())
    frame = {"air": AIR, "apart": MOST_APART, "worth": WORTH_TURNING}
    cases = [((1.0, 0.45), (900, 600)), ((1.0, 0.45), (390, 700)), ((0.9, 1.0), (500, 480)), ((1.0, 0.1), (300, 2000))]
    program = f"""
        import {{ fitted }} from {json.dumps(module.as_uri())};
        const frame = {json.dumps(frame)};
        const fits = {json.dumps(cases)}.map(([extent, page]) => fitted({{ extent, frame }}, ...page));
        console.log(JSON.stringify(fits.map((fit) => [fit.turned, fit.across, fit.down])));
    """
    ran = subprocess.run(["node", "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    for (extent, page), (turned, across, down) in zip(cases, json.loads(ran.stdout), strict=True):
        fit = fitted(extent, page)
        drawn = [scale * side for scale, side in zip(fit.scales, extent, strict=True)]
        assert (turned, [across, down]) == (fit.upright, pytest.approx(drawn[::-1] if fit.upright else drawn))
