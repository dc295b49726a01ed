"""The search language: what is found, and what is said about what cannot be read."""

from __future__ import annotations

import contextlib
import time
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.matching import spans
from indexer.core.catalogue.search import Query, QueryError, match, parse, read
from indexer.core.catalogue.search_dates import DateTerm
from indexer.core.text import fold
from indexer.core.tracks import TrackState
from tests.unit.core.catalogue.tracks import track


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
                rating=4.3,
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
            track(3, title="Re: Stacks", artist="Bon Iver", album="For Emma", year=2008, seconds=None, rating=3.0),
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
        ("folder:odd", [5]),
        ("folder:x.mp3", []),
        ("albumartist:various", [5]),
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
        ("year:>2005", [3]),
        ("rating:>=4", [0]),
        ("rating:4.3", [0]),
        ("rating>4.3", []),
        ("rating:3", [3]),
        ("rating>3", [0]),
        ("rating<=4.3", [0, 3]),
        ("rating:2.5-5", [0, 3]),
        ("-rating>0", [1, 2, 5]),
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
        ("plays:1.5", "plays wants a number"),
        ("rating:4:30", "rating wants a number, not “4:30”"),
        ("year:1990-x", "not “x”"),
        ("foo>3", "There is no field “foo”."),
        ("foo<=3", "There is no field “foo”."),
        ("yaer>2000", "There is no field “yaer”."),
        ("artst:boards", "There is no field “artst”."),
        ("artist>boards", "artist is words"),
        ("added>soon", "added wants an age or a date, not “soon”"),
        ("added:2024-13", "not “2024-13”"),
        ("played<", "played wants an age or a date."),
    ],
)
def test_says_what_it_cannot_read(query: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert message in error.value.message
    assert error.value.advice


def test_what_cannot_be_read_finds_nothing_and_says_why(catalogue: Catalogue) -> None:
    refused = read("year>abc")
    assert match(catalogue, refused).tolist() == []
    assert refused.narrows
    assert refused.hint.startswith("year wants a number, not “abc”.")


@pytest.mark.parametrize("query", ["foo:bar", "-foo:bar", 'foo:"a b"', "year>1990 foo=bar"])
def test_a_field_that_does_not_exist_is_told(query: str) -> None:
    assert "“foo”" in read(query).hint


@pytest.mark.parametrize("query", ["artist:x", "re: stacks", "12:30", "a b", '"foo:bar"', "year>1990", ""])
def test_nothing_is_told_of_what_was_understood(query: str) -> None:
    assert read(query).hint == ""


def test_the_name_that_was_meant_is_proposed() -> None:
    with pytest.raises(QueryError) as error:
        parse("artst:boards")
    assert "Did you mean artist?" in error.value.advice
    assert parse('"artst:boards"').needles[0].needle == "artst:boards", "quoted, it is looked for as it stands"


NOW = time.time()
DAY = 86_400.0


@pytest.fixture(scope="module")
def dated() -> Catalogue:
    """Added an hour ago, ten days ago, in May 2024, in 2023 and never; the second was played two days ago."""
    times = (NOW - 3_600, NOW - 10 * DAY, at(2024, 5, 17), at(2023, 12, 31), 0.0)
    made = Catalogue()
    made.upsert([track(number, added_at=added) for number, added in enumerate(times)])
    made.set_last_played({track(1).id: NOW - 2 * DAY})
    return made


def at(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, 12).timestamp()  # noqa: DTZ001 - the calendar of the reader


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("added<7d", [0]),
        ("added:<7d", [0]),
        ("added<2w", [0, 1]),
        ("added>7d added>2024", [1]),
        ("added:2024", [2]),
        ("added:2024-05", [2]),
        ("added:2024-5-17", [2]),
        ("added<2024", [3]),
        ("added<=2024", [2, 3]),
        ("added:2023-2024", [2, 3]),
        ("-added:2023-2024", [0, 1, 4]),
        ("played<7d", [1]),
        ("played>30d", []),
        ("-played<1y", [0, 2, 3, 4]),
    ],
)
def test_finds_by_time(dated: Catalogue, query: str, rows: list[int]) -> None:
    assert match(dated, parse(query)).tolist() == rows


def test_an_age_is_measured_when_it_is_searched_for(dated: Catalogue) -> None:
    (term,) = parse("added<7d").terms
    assert isinstance(term, DateTerm)
    times = dated.numbers("added_at").array
    assert term.hits(times, now=NOW + 8 * DAY).tolist() == [False] * 5


@given(st.text(max_size=40) | st.text('abc:<>="-019 dwyearlengthplaysartistaddedfolder', max_size=40))
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


WORDS = st.text("abcdefgh", min_size=1, max_size=6)


@given(WORDS, st.sampled_from(["artist", "album", "title", "genre", "folder", "path", "albumartist"]), st.booleans())
def test_a_field_and_its_word_are_read_back(word: str, field: str, negated: bool) -> None:
    (term,) = parse(f"{'-' * negated}{field}:{word}").terms
    assert (term.needle, term.negated) == (word, negated)  # type: ignore[union-attr]
    assert parse(f'{"-" * negated}{field}:"{word}"').terms == (term,), "quotes around one word change nothing"


@given(st.integers(0, 9_999), st.integers(0, 9_999))
def test_numbers_compare_as_they_should(limit: int, year: int) -> None:
    made = Catalogue()
    made.upsert([track(0, year=year)])
    found = {
        operator: len(match(made, parse(f"year{operator}{limit}"))) == 1 for operator in ("<", "<=", ":", ">", ">=")
    }
    assert found == {
        "<": year < limit,
        "<=": year <= limit,
        ":": year == limit,
        ">": year > limit,
        ">=": year >= limit,
    }


@pytest.mark.parametrize(
    ("text", "needles", "marked"),
    [
        ("Boards of Canada", ("boards", "can"), ["Boards", "Can"]),
        ("Björk", ("bjork",), ["Björk"]),
        ("Bjo\u0308rk", ("bjork",), ["Bjo\u0308rk"]),
        ("Bjo\u0308rk", ("bjo",), ["Bjo\u0308"]),
        ("Bjork", (fold("björk"),), ["Bjork"]),
        ("ハ\u3099ナナ", (fold("バナ"),), ["ハ\u3099ナ"]),
        ("ﾊﾞﾅﾅ", (fold("バナ"),), ["ﾊﾞﾅ"]),
        ("ハナ バナ", (fold("ハナ"),), ["ハナ"]),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", (fold("한"),), ["\u1112\u1161\u11ab"]),
        ("Guns n’ Lilies", (fold("n' l"),), ["n’ L"]),
        ("Jay‐Zed", (fold("jay-zed"),), ["Jay‐Zed"]),
        ("Ёлка", (fold("елка"),), ["Ёлка"]),
        ("Die Straße", ("strasse",), ["Straße"]),
        ("Die Straße", ("stras",), ["Straß"]),
        ("ﬁne Ærø", ("fi", "aero"), ["ﬁ", "Ærø"]),
        ("banana", ("an",), ["anan"]),
        ("aaa", ("x",), []),
        ("", ("x",), []),
    ],
)
def test_marks_what_was_found(text: str, needles: tuple[str, ...], marked: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, needles)] == marked


@given(st.text(max_size=30), st.text(min_size=1, max_size=4))
def test_what_is_found_is_marked_and_what_is_marked_was_found(text: str, word: str) -> None:
    needle = fold(word)
    found = spans(text, (needle,))
    assert bool(found) == (bool(needle) and needle in fold(text))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(needle in fold(text[start:end]) for start, end in found)


def test_artists_are_found_by_any_of_their_names_with_and_without_accents() -> None:
    made = Catalogue()
    names = ["Björk", "Bjork", "ハナ", "バナ", "Guns n’ Lilies", "!!!"]
    made.upsert(
        [
            *(track(number, artist=name) for number, name in enumerate(names)),
            track(6, artist="Both of them", artists=("Björk", "Mø"), album_artist="All", album_artists=("Zoë", "Ann")),
        ]
    )
    asked = {
        "artist:bjork": [0, 1, 6],
        "artist:björk": [0, 1, 6],
        "BJÖRK": [0, 1, 6],
        "artist:ハナ": [2],
        "バナ": [3],
        "ﾊﾞﾅ": [3],
        'artist:"guns n\' lilies"': [4],
        "artist:!!!": [5],
        "artist:mo": [6],
        "artist:zoe": [6],
        "albumartist:ann": [6],
        "artist:ann": [6],
    }
    assert {text: match(made, parse(text)).tolist() for text in asked} == asked


def test_another_listener_finds_by_their_own_plays_and_stars(catalogue: Catalogue) -> None:
    own = {
        "plays": np.array([0, 7, 0, 0, 0, 0], np.int32),
        "stars": np.array([np.nan, np.nan, 5, np.nan, np.nan, np.nan], np.float32),
    }
    assert match(catalogue, parse("plays>3"), own).tolist() == [1]
    assert match(catalogue, parse("rating>=4"), own).tolist() == [2]
    assert match(catalogue, parse("year:1998"), own).tolist() == match(catalogue, parse("year:1998")).tolist()
