"""The pieces that the evaluation report is made of: escaped text, accessible tables, figures, links to audio."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the figures</a>
{body}
</body>
</html>
"""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, a smaller remark behind it, and whether it is the best of its column."""

    text: str
    remark: str = ""
    best: bool = False

    def html(self) -> str:
        text = f"<strong>{escape(self.text)}</strong>" if self.best else escape(self.text)
        return f"{text} <small>{escape(self.remark)}</small>" if self.remark else text


@dataclass(frozen=True)
class Section:
    """A part of the page: `title` stands in the list of contents too, `body` is HTML."""

    id: str
    title: str
    body: Sequence[str] = field(default_factory=tuple)

    def html(self) -> str:
        heading = f'<h2 id="{self.id}-title">{escape(self.title)}</h2>'
        inner = "\n".join((heading, *self.body))
        return f'<section id="{self.id}" aria-labelledby="{self.id}-title">\n{inner}\n</section>'


def page(title: str, header: str, sections: Sequence[Section], footer: str) -> str:
    """A whole page that needs nothing from anywhere else; `header` and `footer` are HTML."""
    links = "".join(f'<li><a href="#{section.id}">{escape(section.title)}</a></li>' for section in sections)
    body = (
        f'<header class="top">\n{header}\n</header>\n<nav aria-label="Contents"><ul>{links}</ul></nav>\n'
        f'<main id="main">\n{"".join(section.html() for section in sections)}\n</main>\n<footer>\n{footer}\n</footer>'
    )
    return _PAGE.format(title=escape(title), style=stylesheet(), body=body)


def stylesheet() -> str:
    """The style of the page, light and dark."""
    return files("indexer.evaluation").joinpath("report.css").read_text(encoding="utf-8")


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f"<p{_class(kind)}>{escape(text)}</p>"


def table(caption: str, head: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]], kind: str = "") -> str:
    """A table whose first row and column are its headings; a row is its heading and its cells."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{cell.html()}</td>" for cell in cells)}</tr>\n'
        for name, cells in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table{_class(kind)}>'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}</tbody></table></div>"
    )


def drawing(svg: str, title: str, description: str, number: int) -> str:
    """An SVG inside the page, with a title and a description for those who cannot see it.

    Args:
        svg: of matplotlib.
        title: its caption.
        description: what it shows, in words.
        number: different for every drawing of the page: the names inside each are made its own.
    """
    prefix = f"d{number}-"
    inner = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    inner = re.sub(r'\bid="', f'id="{prefix}', inner)
    inner = re.sub(r'href="#', f'href="#{prefix}', inner)
    inner = re.sub(r"url\(#", f"url(#{prefix}", inner).strip()
    named = f'<svg role="img" aria-label="{escape(f"{title}. {description}")}" '
    inner = inner.replace("<svg ", named, 1)
    return f"<figure>{inner}<figcaption><b>{escape(title)}</b> {escape(description)}</figcaption></figure>"


def grid(parts: Iterable[str], kind: str = "") -> str:
    """Drawings beside each other, as many as there is room for; with the kind `wide`, they fill it."""
    return f"<div{_class(f'grid {kind}'.strip())}>{''.join(parts)}</div>"


def audio_address(clip: str, clips_folder: str, report: Path) -> str:
    """Where a page at `report` finds a clip: relative to the page where that can be, so that both can be moved."""
    path = Path(os.path.abspath(Path(clips_folder) / clip))  # noqa: PTH100 - links stay as they are
    try:
        return quote(Path(os.path.relpath(path, report.absolute().parent)).as_posix())
    except ValueError:  # another drive of Windows
        return path.as_uri()


def player(address: str, name: str) -> str:
    """A small audio player that loads nothing until it is asked to play."""
    label = escape(f"Play {name}")
    return f'<audio controls preload="none" src="{escape(address)}" aria-label="{label}"></audio>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
