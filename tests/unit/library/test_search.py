"""The search language: what is found, and what is said about what cannot be read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import TrackState
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.folding import fold, natural_key
from musicplayer.library.search import Query, QueryError, match, parse
from tests.unit.library.tracks import track


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = Catalogue()
    made.upsert(
        [
            track(
                0,
                title="Roygbiv",
                artist="Boards of Canada",
                album="Music Has the Right",
                genre="IDM",
                year=1998,
                seconds=151,
            ),
            track(
                1,
                title="Jóga (Live at Shepherds Bush)",
                artist="Björk",
                album="Live Box",
                genre="Pop",
                year=2003,
                seconds=300,
            ),
            track(
                2, title="1998", artist="Binary Finary", genre="Trance", genres=("Trance", "Electronic"), seconds=420.4
            ),
            track(3, title="Re: Stacks", artist="Bon Iver", album="For Emma", year=2008, seconds=None),
            track(4, title="Roygbiv", artist="Gone", state=TrackState.GONE),
            track(
                5,
                title="At the Live",
                artist="",
                album_artist="Various",
                path="/music/Odd Folder/x.mp3",
                year=1998,
                seconds=240,
            ),
        ]
    )
    made.set_plays({track(0).id: 4})
    return made


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [0, 1, 2, 3, 5]),
        ("   ", [0, 1, 2, 3, 5]),
        ("roygbiv", [0]),
        ("BJORK", [1]),
        ("björk joga", [1]),
        ("boards right", [0]),
        ('"live at"', [1]),
        ("live at", [1, 5]),
        ("artist:boards", [0]),
        ("ARTIST:BOARDS", [0]),
        ('artist:"bon iver"', [3]),
        ("artist:various", [5]),
        ('album:""', [2, 5]),
        ("title:live", [1, 5]),
        ("album:live", [1]),
        ("genre:electronic", [2]),
        ("path:odd", [5]),
        ("year:1998", [0, 5]),
        ("year=1998", [0, 5]),
        ("year>1998", [1, 3]),
        ("year>=1998", [0, 1, 3, 5]),
        ("year<2003", [0, 5]),
        ("year<=2003", [0, 1, 5]),
        ("year:1999-2005", [1]),
        ("-year:1998", [1, 2, 3]),
        ("length<4:00", [0]),
        ("length<=4:00", [0, 5]),
        ("length:7:00", [2]),
        ("length>299", [1, 2]),
        ("plays:0", [1, 2, 3, 5]),
        ("plays>3", [0]),
        ("-live", [0, 2, 3]),
        ("live -joga", [5]),
        ('-"live at"', [0, 2, 3, 5]),
        ("re:stacks", []),
        ("re: stacks", [3]),
        ("artist:", [0, 1, 2, 3, 5]),
        ("-", [0, 1, 2, 3, 5]),
        ("year>1990 length<4:00 -bjork", [0]),
    ],
)
def test_finds(catalogue: Catalogue, query: str, rows: list[int]) -> None:
    assert match(catalogue, parse(query)).tolist() == rows


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('"live at', "quotation mark"),
        ("year>abc", "year wants a number, not “abc”"),
        ("year>", "year wants a number."),
        ("length<4:", "length wants a number"),
        ("plays:many", "plays wants a number"),
        ("year:1990-x", "not “x”"),
    ],
)
def test_says_what_it_cannot_read(query: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert message in error.value.message
    assert error.value.advice


@given(st.text(max_size=40) | st.text('abc:<>="-019 yearlengthplaysartist', max_size=40))
def test_everything_typed_is_a_search_or_a_sentence(catalogue: Catalogue, text: str) -> None:
    with contextlib.suppress(QueryError):
        assert set(match(catalogue, parse(text))) <= {0, 1, 2, 3, 5}


@given(st.lists(st.text("abcdefgh ", min_size=1, max_size=6).filter(str.strip), max_size=3))
def test_more_words_never_find_more(catalogue: Catalogue, words: list[str]) -> None:
    fewer = match(catalogue, parse(" ".join(words)))
    more = match(catalogue, parse(" ".join([*words, "live"])))
    assert set(more) <= set(fewer)


def test_needles_are_what_can_be_highlighted() -> None:
    query = parse('björk -live artist:"Bon Iver" year>1990 album:""')
    assert [needle.needle for needle in query.needles] == ["bjork", "bon iver"]
    assert Query().needles == ()


@pytest.mark.parametrize(
    ("text", "folded"), [("Björk", "bjork"), ("ŁÓDŹ", "lodz"), ("Straße", "strasse"), ("\uff21\uff22", "ab")]
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_sort_by_value(one: int, other: int) -> None:
    assert (natural_key(f"a{one}b") < natural_key(f"a{other}b")) == (one < other)
