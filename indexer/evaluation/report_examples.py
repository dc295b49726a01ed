"""The part of the evaluation report to listen to: what each method finds for a few clips."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from indexer.evaluation.report_parts import Section, audio_address, paragraph, player
from indexer.evaluation.result import Example, Found, MethodResult

_SHOWN = 5


def examples_section(methods: Sequence[MethodResult], clips_folder: str, report: Path) -> Section:
    """A list for every method and asked clip, the same clips for all, each entry with a player.

    Args:
        methods: those that ran.
        clips_folder: what the names of clips are relative to.
        report: where the page will lie.
    """
    queries = list(dict.fromkeys(example.query for method in methods for example in method.examples))
    body = [_query(query, methods, clips_folder, report, is_open=not number) for number, query in enumerate(queries)]
    if body:
        told = (
            f"The first {_SHOWN} that each method finds. The music is played from its folder; it is not in this page."
        )
        body.insert(0, paragraph(told))
    return Section("examples", "To listen to", body)


def _query(query: Found, methods: Sequence[MethodResult], clips_folder: str, report: Path, *, is_open: bool) -> str:
    lists = "".join(
        _list(method.name, example, clips_folder, report)
        for method in methods
        for example in method.examples
        if example.query == query
    )
    heading = f"{escape(_name(query))} <span>{escape(_rest(query))}</span>"
    play = player(audio_address(query.clip, clips_folder, report), _name(query))
    return f"<details{' open' if is_open else ''}><summary>{heading}</summary>\n{play}\n{lists}</details>\n"


def _list(method: str, example: Example, clips_folder: str, report: Path) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("", "Track", "Album, genre", "Listen", "Distance"))
    rows = "".join(
        f'<tr><th scope="row">{rank}</th><td>{_track(found)}</td><td>{escape(_rest(found))}</td>'
        f"<td>{player(audio_address(found.clip, clips_folder, report), _name(found))}</td>"
        f"<td>{found.distance:.3f}</td></tr>\n"
        for rank, found in enumerate(example.nearest[:_SHOWN], start=1)
    )
    label = escape(f"{method}: what is nearest to {_name(example.query)}")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="list">'
        f"<caption>{escape(method)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>"
    )


def _track(found: Found) -> str:
    mark = ' <span class="same">same artist</span>' if found.same_artist else ""
    return escape(_name(found)) + mark


def _name(found: Found) -> str:
    return f"{found.artist} – {found.title or Path(found.clip).stem}"


def _rest(found: Found) -> str:
    return ", ".join(part for part in (found.album, found.genre) if part)
