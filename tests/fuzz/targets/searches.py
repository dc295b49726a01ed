"""The search language, as typed and as kept in smart playlists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.matching import spans
from indexer.core.catalogue.search import match, parse
from indexer.core.catalogue.smart import SmartRule, find, find_or_nothing
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists.mirror import read_mirror, write_mirror
from tests.fuzz.target import Box, Target
from tests.unit.core.catalogue.tracks import track

_QUERIES = (
    "",
    'artist:boards year>1998 length<4:00 "live at" -remix',
    "year:1990-1999 added<7d played>2024-05-01 plays:0",
    'genre:"" -path:/music/odd',
    "added>9999 added<0000-00-00 played>9999d",
    "length:999:999:999999.999999 track:0 disc:99999999999999999999",
    'title:"unclosed',
    "\x00\x1f\u202e\ud83d",
    "ﬃ ß İ ı ǅ Ⅷ ①",
    "a" * 100_000,
    "- " * 20_000,
    '"' * 50_000,
    "year:" * 5_000,
    "é" * 50_000,
    "\u0301" * 50_000,
)
_WORDS = tuple(
    word.encode("utf-8", "surrogatepass")
    for word in (
        "artist:", "year>", "year:", "length<", "added<", "played>", "-", '"', ":", "<=", ">=", "=", "7d", "1998",
        "4:00", "9" * 5_000, "٣", "²", "1e999", "nan", "inf", "\x00", "\u202e", "\ud800", "İ", "ß", "2024-02-30",
        "0000", "9999-12-31", ".*", "(a+)+$", "'; drop table", "{$where: 1}", "__import__('os')",
    )
)  # fmt: skip


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    made = Catalogue()
    texts = ("Roygbiv", "Jóga", "İstanbul", "ﬃ ß", "1998", "")
    made.upsert([track(n, title=text, artist=text, year=1990 + n, seconds=60.0 * n) for n, text in enumerate(texts)])
    return made


def _run_search(data: bytes, _: Box) -> None:
    query = parse(data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace"))
    rows = match(_catalogue(), query)
    assert len(rows) <= _catalogue().row_count
    for needle in query.needles:
        spans("Jóga ﬃ ß İ x", (needle.needle,))


def _run_smart(data: bytes, box: Box) -> None:
    """A smart playlist out of the file of the home, found and written again."""
    path = box.file("playlists.json", data)
    playlists, _ = read_mirror(path)
    for playlist in playlists:
        find_or_nothing(_catalogue(), SmartRule.of(playlist), playlist.id)
    write_mirror(path, playlists)
    again, damaged = read_mirror(path)
    assert not damaged
    assert len(again) == len(playlists)
    for playlist in playlists:
        find(_catalogue(), SmartRule.of(playlist), playlist.id)


def _mirror(box: Box) -> Sequence[bytes]:
    path = box.inside / "whole.json"
    write_mirror(
        path,
        [
            Playlist("a", "Mine", PlaylistKind.LIST, ("01", "02")),
            Playlist("b", "Smart", PlaylistKind.SMART, query="year>1998 -remix", order="random", limit=10),
        ],
    )
    content = json.loads(path.read_bytes())
    content["playlists"][1] |= {"limit": 10**400, "position": 1e308, "order": "__class__"}
    deep = b"[" * 100_000
    return [path.read_bytes(), json.dumps(content).encode(), deep, b'{"playlists":' + deep]


def _queries() -> SearchStrategy[bytes]:
    field = st.sampled_from(["", "artist", "year", "length", "added", "played", "plays", "track", "path", "x", "İ"])
    operator = st.sampled_from(["", ":", "<", ">", "<=", ">=", "=", ":<", ":>="])
    value = st.one_of(st.text(max_size=12), st.sampled_from(["7d", "1998", "4:00", "1990-1999", '"a b"', "2024-05"]))
    term = st.tuples(st.sampled_from(["", "-"]), field, operator, value).map("".join)
    return st.lists(term, max_size=8).map(lambda terms: " ".join(terms).encode("utf-8", "surrogatepass"))


TARGETS = (
    Target(
        "search",
        _run_search,
        lambda _: [query.encode("utf-8", "surrogatepass") for query in _QUERIES],
        _WORDS,
        _queries,
        errors=(*Target.__dataclass_fields__["errors"].default, UnicodeDecodeError),
    ),
    Target("smart playlists", _run_smart, _mirror, (*_WORDS, b"null", b"1e999", b"[[", b'"limit":', b"-1", b"NaN")),
)
