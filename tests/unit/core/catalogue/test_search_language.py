"""What the search language puts together: OR, NOT, brackets, what was measured and said, the order; why nothing."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import Query, QueryError, TextTerm, match, ordered, parse, read
from indexer.core.catalogue.search_reasons import why_nothing
from indexer.core.plays import Opinion, Thumb
from indexer.core.tracks import TrackState
from tests.unit.core.catalogue.tracks import track


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = Catalogue()
    heard = {"tempo": 119.6, "key": "A minor", "loudness": -9.44}
    header = {"bit_rate": 320, "sample_rate": 44_100, "channels": 2}
    made.upsert(
        [
            track(0, path="/m/a.flac", title="Night River", artist="Ann", genre="Jazz", year=1959, **heard, **header),
            track(
                1, path="/m/b.mp3", title="River", artist="Bob", genre="Blues", year=1962, tempo=130.0, key="C major"
            ),
            track(2, path="/m/c.mp3", title="Night (Live)", artist="Cat", genre="Rock", year=1990, loudness=-14.0),
            track(
                3,
                path="/m/d.ogg",
                title="Or not",
                artist="Dan",
                genre="Jazz",
                year=2001,
                bit_rate=128,
                channels=1,
                track_gain=-6.5,
            ),
            track(
                4, path="/m/e", title="a|b", artist="AC|DC", genre="Rock", year=2010, sample_rate=96_000, speech=True
            ),
            track(5, title="Gone", state=TrackState.GONE),
            track(6, path="/m/f.mp3", title="Away", genre="Folk", key="D♯ minor", state=TrackState.AWAY, rating=2.0),
        ]
    )
    made.set_plays({track(0).id: 3, track(2).id: 1})
    made.set_opinions(
        {
            track(0).id: Opinion(track(0).id, favourite=True, rating=4.5),
            track(1).id: Opinion(track(1).id, thumb=Thumb.UP),
            track(3).id: Opinion(track(3).id, thumb=Thumb.DOWN, rating=1.0),
        }
    )
    return made


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("genre:jazz OR genre:blues", [0, 1, 3]),
        ("genre:jazz | genre:blues", [0, 1, 3]),
        ("genre:jazz|blues", [0, 1, 3]),
        ("genre:jazz|artist:bob", [0, 1, 3]),
        ('genre:"jazz"|"blues"', [0, 1, 3]),
        ("-genre:jazz|blues", [2, 4, 6]),
        ("night|away", [0, 2, 6]),
        ("night OR river year>1960", [0, 1, 2]),
        ("(night OR river) year>1960", [1, 2]),
        ("year>1960 (night OR river)", [1, 2]),
        ("((night OR river) -live) OR away", [0, 1, 6]),
        ("-(night OR river)", [3, 4, 6]),
        ("NOT (night OR river)", [3, 4, 6]),
        ("NOT night", [1, 3, 4, 6]),
        ("NOT -night", [0, 2]),
        ("night AND river", [0]),
        ("night AND NOT live", [0]),
        ("(night river)", [0]),
        ("(night (live))", [2]),
        ("night (live)", [2]),
        ('"(live)"', [2]),
        ("live)", [2]),
        ("or not", [3]),
        ("OR not", [3]),
        ("AND", []),
        ("NOT", [3]),
        ("night OR", [0, 2]),
        ("night NOT", [0, 2]),
        ("night |", [0, 2]),
        ("| night", [0, 2]),
        ("night || away", [0, 2, 6]),
        ("() night ()", [0, 2]),
        ("(night", [0, 2]),
        ('"ac|dc"', [4]),
        ("(artist:ann OR artist:bob) (year:1962 OR is:played)", [0, 1]),
        ("(artist:bob OR artist:)", [1]),
    ],
)
def test_puts_together(catalogue: Catalogue, query: str, rows: list[int]) -> None:
    assert match(catalogue, parse(query)).tolist() == rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("bpm:120", [0]),
        ("bpm:119.6", [0]),
        ("bpm:119", []),
        ("bpm:120-130", [0, 1]),
        ("bpm:130..120", [0, 1]),
        ("bpm>120", [1]),
        ("bpm>=120bpm", [0, 1]),
        ('bpm:""', [2, 3, 4, 6]),
        ("loudness<-12", [2]),
        ("loudness:-9.4", [0]),
        ("loudness:-9", [0]),
        ("loudness<-9", [0, 2]),
        ("loudness>-9.4", []),
        ("bpm<=120", [0]),
        ("bpm<120", []),
        ("loudness:-9,4", [0]),
        ("loudness:-14--9", [0, 2]),
        ("loudness>-12LUFS", [0]),
        ("bitrate>=256", [0]),
        ("gain<-6dB", [3]),
        ("bitrate:128k", [3]),
        ("-bitrate>0", [1, 2, 4, 6]),
        ("samplerate>=48", [4]),
        ("samplerate:44.1", [0]),
        ("samplerate:44.1kHz", [0]),
        ("samplerate:44100", [0]),
        ("channels:mono", [3]),
        ("channels:2", [0]),
        ("key:Am", [0]),
        ("key:am", [0]),
        ("key:8A", [0]),
        ("key:1m", [0]),
        ('key:"A minor"', [0]),
        ("key:a-moll", [0]),
        ("key:8b", [1]),
        ("key:C", [1]),
        ("key:Ebm", [6]),
        ("key:D#m", [6]),
        ("key:minor", [0, 6]),
        ("key:Am|C", [0, 1]),
        ('key:""', [2, 3, 4]),
        ("format:flac", [0]),
        ("format:mp3|ogg", [1, 2, 3, 6]),
        ('format:""', [4]),
        ("is:favourite", [0]),
        ("heart:", [0]),
        ("heart:no", [1, 2, 3, 4, 6]),
        ("is:liked", [1]),
        ("is:disliked", [3]),
        ("is:rated", [0, 3, 6]),
        ("is:played", [0, 2]),
        ("is:away", [6]),
        ("is:speech", [4]),
        ("rating:0", [1, 2, 4]),
        ("rating>=4", [0]),
        ("-is:favourite genre:jazz", [3]),
        ("bpm:", [0, 1, 2, 3, 4, 6]),
        ("key:", [0, 1, 2, 3, 4, 6]),
        ('year:""', [6]),
        ('played:""', [0, 1, 2, 3, 4, 6]),
    ],
)
def test_finds_by_what_was_measured_and_said(catalogue: Catalogue, query: str, rows: list[int]) -> None:
    found = parse(query)
    assert match(catalogue, found).tolist() == rows
    assert found.hint == ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bpm:fast", "bpm:fast"),
        ("bpm>fast", "bpm>fast"),
        ("key:x", "key:x"),
        ("key>Am", "key>am"),
        ("is:what", "is:what"),
        ("heart:perhaps", "heart:perhaps"),
        ("bitrate:12parsec", "bitrate:12parsec"),
    ],
)
def test_what_is_not_understood_is_looked_for_as_words_and_said(query: str, words: str) -> None:
    found = read(query)
    (term,) = found.terms
    assert isinstance(term, TextTerm)
    assert term.needle == words
    assert f"“{query}” is looked for as words." in found.hint
    assert "For example" in found.hint


def test_a_bracket_that_is_open_is_said(catalogue: Catalogue) -> None:
    assert "bracket" in read("(night OR river").hint
    assert match(catalogue, read("(night OR river")).tolist() == [0, 1, 2]
    assert read("(night OR river)").hint == ""


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("sort:year", [0, 1, 2, 3, 4, 6]),
        ("sort:-year", [4, 3, 2, 1, 0, 6]),
        ("-sort:year", [4, 3, 2, 1, 0, 6]),
        ("sort:bpm", [0, 1, 4, 2, 3, 6]),
        ("sort:-bpm genre:jazz|blues", [1, 0, 3]),
        ("sort:genre,-year", [1, 6, 3, 0, 4, 2]),
        ("sort:genre sort:-year", [1, 6, 3, 0, 4, 2]),
        ("sort:format,title", [0, 6, 2, 1, 3, 4]),
        ("(sort:-year night) OR river", [2, 1, 0]),
    ],
)
def test_sorts_as_asked(catalogue: Catalogue, query: str, rows: list[int]) -> None:
    found = parse(query)
    assert ordered(catalogue, match(catalogue, found), found).tolist()[: len(rows)] == rows


def test_an_order_leaves_nothing_out(catalogue: Catalogue) -> None:
    assert not parse("sort:-added").narrows
    assert not parse("sort:").narrows
    assert parse("sort:").hint == ""
    assert "“nonsense”" in parse("night sort:nonsense").hint
    assert match(catalogue, parse("night sort:nonsense")).tolist() == [0, 2]


def test_another_listener_sorts_by_their_own_plays(catalogue: Catalogue) -> None:
    own = {"plays": np.array([0, 5, 0, 9, 0, 0, 1], np.int32)}
    found = parse("sort:-plays is:played")
    assert ordered(catalogue, match(catalogue, found, own), found, own).tolist() == [3, 1, 6]


_PIECES = (
    "( ) | OR NOT AND - night bpm: 120-130 key: 8A is: heart: sort: -year rating:0 format: loudness< year> 1990 , é"
)
PIECES = st.sampled_from([*_PIECES.split(), '"', " ", "artist:", "added<7d", "\0"])


@given(st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40))
def test_every_text_is_read(catalogue: Catalogue, text: str) -> None:
    query = read(text)
    found = match(catalogue, query)
    assert set(found) <= {0, 1, 2, 3, 4, 6}
    assert sorted(ordered(catalogue, found, query)) == found.tolist()
    assert isinstance(why_nothing(catalogue, query, catalogue.rows()), str)
    assert isinstance(query.hint, str)


@pytest.mark.parametrize(
    "text", ["(" * 3_000, "-(" * 500 + "night", "NOT " * 999, "a|" * 999, "(a OR " * 300, ")" * 99]
)
def test_very_much_of_it_is_read_as_well(catalogue: Catalogue, text: str) -> None:
    match(catalogue, read(text))


WORD = st.sampled_from(["night", "river", "genre:jazz", "year>1960", "key:Am", "bpm>100", "-live", "is:played"])


@given(WORD, WORD, WORD)
def test_brackets_follow_the_rules_of_sets(catalogue: Catalogue, one: str, other: str, third: str) -> None:
    def found(query: str) -> set[int]:
        return set(match(catalogue, parse(query)).tolist())

    assert found(f"{one} OR {other}") == found(one) | found(other)
    assert found(f"{one} {other}") == found(one) & found(other)
    assert found(f"({one} OR {other}) {third}") == (found(one) | found(other)) & found(third)
    assert found(f"-({one} {other})") == found("") - (found(one) & found(other))
    assert found(f"{one} {other} OR {third}") == (found(one) & found(other)) | found(third)


def test_needles_are_found_in_brackets_and_not_where_they_are_excluded() -> None:
    query = parse("(night OR artist:ann) -(live OR -river) NOT gone")
    assert [needle.needle for needle in query.needles] == ["night", "ann", "river"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("year>2999", "No track fits “year>2999”. Here it goes from 1959 to 2010."),
        ("night bpm>200", "No track fits “bpm>200”. Here it goes from 120 to 130."),
        ("loudness>0", "No track fits “loudness>0”. Here it goes from −14.0 to −9.4."),
        ("night nowhere", "No track fits “nowhere”."),
        ("night (nowhere OR genre:polka)", "No track fits “(nowhere OR genre:polka)”."),
        ("night live river", "Without “river” there would be 1 track."),
        ("artist:ann genre:blues away", "Each part fits some tracks, but no track fits all of them."),
    ],
)
def test_says_why_nothing_is_found(catalogue: Catalogue, query: str, reason: str) -> None:
    found = parse(query)
    assert not len(match(catalogue, found))
    assert why_nothing(catalogue, found, catalogue.rows()).startswith(reason)


def test_finds_what_a_listener_played() -> None:
    made = Catalogue()
    made.upsert([track(number) for number in range(3)])
    made.set_plays({track(2).id: 4})
    made.set_heard({"anna": [track(0).id, track(5).id], "bjork": []})
    found = {text: match(made, parse(text)).tolist() for text in ("listener:Anna", "-listener:anna", "listener:me")}
    assert found == {"listener:Anna": [0], "-listener:anna": [1, 2], "listener:me": [2]}
    assert match(made, parse("listener:")).tolist() == [0, 1, 2], "it is still being typed"
    made.upsert([track(5)])
    assert match(made, parse("listener:anna")).tolist() == [0, 3], "tracks that come later count"
    assert why_nothing(made, parse("listener:Björk"), made.rows()) == "No track fits “listener:Björk”."
    assert why_nothing(made, parse("listener:ann"), made.rows()).endswith("There are these listeners: me, anna, bjork.")


def test_who_asks_with_plays_of_their_own_is_told_nothing_of_others() -> None:
    made = Catalogue()
    made.upsert([track(0), track(1)])
    made.set_heard({"anna": [track(0).id]})
    own = {"plays": np.array([0, 3])}
    assert match(made, parse("listener:me"), own).tolist() == [1]
    assert match(made, parse("listener:anna"), own).tolist() == []


def test_of_what_is_not_known_that_is_said() -> None:
    made = Catalogue()
    made.upsert([track(0)])
    assert "It is not known of any track yet; indexing finds it out." in why_nothing(
        made, parse("bpm>100"), made.rows()
    )
    assert why_nothing(made, Query(), made.rows()) == ""


@given(st.text(max_size=30))
def test_parse_refuses_with_a_sentence_only(text: str) -> None:
    with contextlib.suppress(QueryError):
        parse(text)
