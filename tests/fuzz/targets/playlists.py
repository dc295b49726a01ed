"""Playlist files of other programs, as the import reads them, and as they are written again."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.core.playlists.entries import Entry, PlaylistFileError
from indexer.core.playlists.files import parse_playlist, read_playlist, write_playlist
from indexer.core.playlists.matching import import_playlist
from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import TrackId
from tests.fuzz.target import Box, Target

_PLACES = (
    "../outside/secret.mp3",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "file://server/share/x.mp3",
    "http://127.0.0.1:9/x.mp3",
    "smb://server/share",
    "\\\\server\\share\\x.mp3",
    "C:\\Windows\\x.mp3",
    "/dev/zero",
    "/proc/self/environ",
    "~/x.mp3",
    "$HOME/x.mp3",
    "%2e%2e/%2e%2e/x",
    "a\x00b.mp3",
    "; rm -rf ~",
    "$(touch ../outside/made)",
    "`id`",
    "../" * 2_000,
)
_M3U = (
    b"#EXTM3U\n#PLAYLIST:Mine\n#EXTINF:151,Boards of Canada - Roygbiv\nBoards/Roygbiv.mp3\n"
    b"file:///music/Bj%C3%B6rk/J%C3%B3ga.flac\n#EXTINF:-1,x\n/absolute/one.mp3\n"
)
_XSPF = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Mine</title>'
    b"<trackList><track><location>Boards/Roygbiv.mp3</location><title>Roygbiv</title><creator>BoC</creator>"
    b"<duration>151000</duration><identifier>segue:track:01</identifier></track>"
    b"<track><location>file:///etc/passwd</location></track></trackList></playlist>"
)
_ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY l0 "ha">{_ENTITIES}]><playlist><title>&l9;</title></playlist>'
_XXE = (
    b'<!DOCTYPE p [<!ENTITY x SYSTEM "../outside/secret.m3u8">]><playlist><title>&x;</title></playlist>',
    b'<?xml version="1.0"?><!DOCTYPE p SYSTEM "../outside/secret.m3u8"><playlist/>',
    b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><playlist/>',
    b'<?xml version="1.0"?><?xml-stylesheet href="../outside/x.xsl"?><playlist><trackList/></playlist>',
    b'<playlist xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="../outside/secret.m3u8"/></playlist>',
)
_M3U_WORDS = (b"#EXTINF:", b"#PLAYLIST:", b"\x00", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"%", *map(str.encode, _PLACES))
_XSPF_WORDS = (
    b"<track>",
    b"</track>",
    b"<location>",
    b"</location>",
    b"<playlist>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [",
    b'<!ENTITY a "b">',
    b"&#0;",
    b"&#x10FFFF;",
    b"&lt;",
    b"&a;",
    b'encoding="UTF-16"',
    b'encoding="utf-7"',
    b'encoding="ibm037"',
    b"xmlns:a='b'",
    b"a:a:a",
    b"\xff\xfe",
    *(f"<location>{place}</location>".encode() for place in _PLACES),
)
_SHELF = Shelf(["/music/Boards/Roygbiv.mp3", "/music/Björk/Jóga.flac"], [TrackId("01"), TrackId("02")])


def _run_m3u(data: bytes, box: Box) -> None:
    _import(data, box, "list.m3u8")


def _run_xspf(data: bytes, box: Box) -> None:
    _import(data, box, "list.xspf")


def _run_pls(data: bytes, box: Box) -> None:
    _import(data, box, "list.pls")


def _run_asx(data: bytes, box: Box) -> None:
    """Many are no ASX, and are told to be none."""
    with contextlib.suppress(PlaylistFileError):
        _import(data, box, "list.asx")


def _import(data: bytes, box: Box, name: str) -> None:
    path = box.file(name, data)
    found = import_playlist(path, _SHELF)
    assert set(found.tracks) <= set(_SHELF.ids)
    assert all(isinstance(entry.shown, str) for entry in found.missing)
    entries = [entry for entry in read_playlist(path).entries if entry.locations]
    for written in ("again.m3u8", "again.xspf"):
        _rewrite(box, written, found.name, entries)


def _rewrite(box: Box, name: str, title: str, entries: Sequence[Entry]) -> None:
    """What an entry says goes into a list as one entry, whatever it holds."""
    path = box.inside / name
    write_playlist(path, title, entries)
    assert len(parse_playlist(path.read_bytes(), name).entries) == len(entries)


def _pls_seeds(_: Box) -> Sequence[bytes]:
    lists = [f"[playlist]\nFile1={place}\nTitle1=A - B\nLength1=9".encode() for place in _PLACES]
    return [*lists, b"[playlist]\n" + b"File1=x\n" * 50_000, lists[0].decode().encode("utf-16")]


def _asx_seeds(_: Box) -> Sequence[bytes]:
    places = [_escaped(place) for place in _PLACES]
    lists = [f'<asx><entry><title>x</title><ref href="{place}"/></entry></asx>'.encode() for place in places]
    songs = [f'<smil><body><seq><media src="{place}"/></seq></body></smil>'.encode() for place in places]
    return [
        *lists,
        *songs,
        b"<asx" * 20_000,
        b"<asx>" + b'<entry a="' * 20_000,
        b"<smil>" + b"<media src='x'/>" * 20_000,
    ]


def _m3u_seeds(_: Box) -> Sequence[bytes]:
    lists = [("#EXTM3U\n" + place).encode() for place in _PLACES]
    return [_M3U, _M3U.decode().encode("utf-16"), _M3U.decode().encode("latin-1"), b"x" * 200_000, *lists]


def _xspf_seeds(_: Box) -> Sequence[bytes]:
    nested = b"<playlist>" + b"<trackList>" * 20_000
    places = [_XSPF.replace(b"Boards/Roygbiv.mp3", place.replace("\x00", "").encode()) for place in _PLACES]
    return [_XSPF, _LAUGHS.encode(), *_XXE, nested, _XSPF.decode().encode("utf-16"), *places]


def _lines() -> SearchStrategy[bytes]:
    line = st.one_of(st.text(max_size=60), st.sampled_from(_PLACES), st.just("#EXTINF:1,a - b"))
    encoding = st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-8-sig"])
    return st.tuples(st.lists(line, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), encoding).map(
        lambda drawn: drawn[1].join(drawn[0]).encode(drawn[2], "replace")
    )


def _documents() -> SearchStrategy[bytes]:
    names = st.sampled_from(["track", "trackList", "location", "title", "identifier", "duration", "playlist", "x"])
    leaf = st.one_of(st.sampled_from(_PLACES), st.text(max_size=20)).map(_escaped)
    inner = st.recursive(leaf, lambda child: st.tuples(names, st.lists(child, max_size=4)).map(_element), max_leaves=20)
    return st.lists(inner, max_size=4).map(lambda parts: _element(("playlist", parts)).encode("utf-8", "replace"))


def _element(drawn: tuple[str, list[str]]) -> str:
    return f"<{drawn[0]}>{''.join(drawn[1])}</{drawn[0]}>"


def _escaped(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).replace("&", "&amp;").replace("<", "&lt;")


_PLS_WORDS = (b"File1=", b"Title1=", b"Length99999999=", b"[playlist]", b"\xff\xfe", *map(str.encode, _PLACES))
_ASX_WORDS = (
    b"<asx>",
    b"<entry>",
    b"</entry>",
    b"<ref href=",
    b"<smil>",
    b"<media src=",
    b'"',
    b"'",
    b">",
    b"<",
    b"&lt;",
)

TARGETS = (
    Target("m3u", _run_m3u, _m3u_seeds, _M3U_WORDS, _lines),
    Target("xspf", _run_xspf, _xspf_seeds, _XSPF_WORDS, _documents),
    Target("pls", _run_pls, _pls_seeds, _PLS_WORDS, _lines),
    Target("asx", _run_asx, _asx_seeds, _ASX_WORDS, _documents),
)
