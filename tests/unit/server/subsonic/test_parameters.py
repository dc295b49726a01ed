"""Parameters of a request: read as they have to be, or refused by name."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicplayer.server.subsonic.errors import ErrorNumber, ParameterRefused
from musicplayer.server.subsonic.parameters import MOST_CHARACTERS, MOST_PARAMETERS, Parameters

UNICODE = st.text(st.characters(exclude_categories=("Cs",)), max_size=50)


def of(**values: str) -> Parameters:
    return Parameters(values.items())


@given(st.lists(st.tuples(UNICODE.filter(bool), UNICODE), max_size=20), st.integers(0, 20))
def test_what_was_encoded_is_read_back_from_address_and_form_in_order(pairs: list[tuple[str, str]], cut: int) -> None:
    query, form = (urlencode(some).encode() for some in (pairs[:cut], pairs[cut:]))
    read = Parameters.of(query, form)
    for name in dict(pairs):
        assert read.texts(name) == [value for other, value in pairs if other == name and value]


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_parameters_that_can_be_written_in_utf_8(query: bytes, form: bytes) -> None:
    read = Parameters.of(query, form)
    for name in ("id", "a", ""):
        for text in read.texts(name):
            text.encode("utf-8")


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert Parameters.of(b"query=%ff%C3%A9&id=%ED%A0%80").text("query") == "\ufffd\u00e9"


def test_an_address_in_plain_utf_8_is_read_too() -> None:
    assert Parameters.of("query=Björk".encode()).text("query") == "Björk"


def test_too_many_are_refused_of_either_kind_and_of_both_together() -> None:
    many, half = b"&".join([b"id=1"] * (MOST_PARAMETERS + 1)), b"&".join([b"id=1"] * (MOST_PARAMETERS // 2 + 1))
    for query, form in ((many, b""), (b"", many), (half, half)):
        with pytest.raises(ParameterRefused, match="20,000"):
            Parameters.of(query, form)
    assert len(Parameters.of(half).texts("id")) == MOST_PARAMETERS // 2 + 1


def test_one_that_is_too_long_is_refused_by_name() -> None:
    assert Parameters.of(b"name=" + b"x" * MOST_CHARACTERS).text("name")
    with pytest.raises(ParameterRefused, match="name"):
        Parameters.of(b"name=" + b"x" * (MOST_CHARACTERS + 1))


def test_what_is_missing_or_empty_is_named_with_the_number_that_apps_know() -> None:
    for read in (of(), of(id="")):
        with pytest.raises(ParameterRefused, match="“id”") as refused:
            read.text("id")
        assert refused.value.number == ErrorNumber.MISSING == 10
        assert read.text("id", "") == ""
        assert "id" not in read


@pytest.mark.parametrize("value", ["", "1.5", "ten", "1_000", "٣", " 1", "0x10", "1e3", "9" * 30, "NaN", "--1", "-1"])
def test_no_whole_number(value: str) -> None:
    with pytest.raises(ParameterRefused, match="count"):
        of(count=value).whole("count")


@given(st.integers(0, 2**63 - 1))
def test_whole_numbers_are_read(number: int) -> None:
    assert of(count=str(number)).whole("count") == number


def test_a_whole_number_lies_between_its_bounds_and_has_a_default() -> None:
    assert of().whole("rating", 3) == 3
    assert of(rating="5").whole("rating", least=0, most=5) == 5
    for value in ("6", "-1"):
        with pytest.raises(ParameterRefused, match="between 0 and 5"):
            of(rating=value).whole("rating", least=0, most=5)
    assert of(position="-5").whole("position", least=-9) == -5


def test_several_whole_numbers() -> None:
    read = Parameters([("songIndexToRemove", "3"), ("songIndexToRemove", "0")])
    assert read.wholes("songIndexToRemove") == [3, 0]
    with pytest.raises(ParameterRefused):
        Parameters([("time", "3"), ("time", "x")]).wholes("time")


def test_more_than_there_can_be_of_something_is_all_there_can_be() -> None:
    assert of(size="100000").size("size", 10, 500) == 500
    assert of().size("size", 10, 500) == 10
    assert of(size="0").size("size", 10, 500) == 0
    with pytest.raises(ParameterRefused):
        of(size="-1").size("size", 10, 500)


@pytest.mark.parametrize(
    ("value", "yes"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False)]
)
def test_yes_and_no(value: str, yes: bool) -> None:
    assert of(submission=value).flag("submission", not yes) is yes


def test_neither_yes_nor_no() -> None:
    assert of().flag("submission", True) is True
    with pytest.raises(ParameterRefused, match="submission"):
        of(submission="maybe").flag("submission", True)


def test_numbers_with_decimals() -> None:
    assert of(playbackRate="1.25").number("playbackRate", 1.0) == 1.25
    assert of().number("playbackRate", 1.0) == 1.0
    for value in ("fast", "inf", "nan", "1e5", "."):
        with pytest.raises(ParameterRefused, match="playbackRate"):
            of(playbackRate=value).number("playbackRate", 1.0)
    with pytest.raises(ParameterRefused, match="between"):
        of(playbackRate="100").number("playbackRate", 1.0, least=0, most=16)


def test_one_of_some_words() -> None:
    assert of(state="paused").choice("state", ["paused", "playing"]) == "paused"
    assert of().choice("state", ["paused", "playing"], "playing") == "playing"
    with pytest.raises(ParameterRefused, match="paused, playing"):
        of(state="dancing").choice("state", ["paused", "playing"])


def test_a_wrong_value_is_said_back_in_short() -> None:
    with pytest.raises(ParameterRefused) as refused:
        Parameters.of(f"count={quote('x' * 3_000)}".encode()).whole("count")
    assert len(refused.value.message) < 200
