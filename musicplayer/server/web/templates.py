"""What is made of templates: pages in the language that is spoken, with the colours of the window."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse, Response

from indexer.core.language import spoken, tr
from musicplayer.assets import asset, look

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Under a stricter policy browsers hide the origin of a form, too, by which it is known to come from here."""


def web() -> Path:
    """The folder of what the web page is made of."""
    return asset("web/manifest.webmanifest").parent


def template(name: str) -> Template:
    """The template of a name."""
    return _environment().get_template(name)


def made(name: str, status: int = HTTPStatus.OK, /, *, root: str = "", **values: object) -> Response:
    """The page of a template.

    Args:
        name: of the template.
        status: of HTTP.
        root: what leads from the page to the first one, which the files of the page lie beside: a path with a slash at
            its end; empty for pages that are beside it.
        values: what the template asks for besides.
    """
    shared = {"language": spoken().code, "tr": tr, "light": look()["light"], "dark": look()["dark"], "root": root}
    return HTMLResponse(template(name).render(**shared, **values), status, headers=_HEADERS)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(web() / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
