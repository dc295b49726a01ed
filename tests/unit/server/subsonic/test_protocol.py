"""The envelope: the same answer in XML, JSON and JSONP, whatever is in it."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.errors import SegueError
from musicplayer.server.subsonic.errors import ClientTooOld, NotFound, ParameterRefused, ServerTooOld
from musicplayer.server.subsonic.parameters import Parameters
from musicplayer.server.subsonic.protocol import NAMESPACE, Form, Wire, check_version, number_of, server_version

IN_XML = f"{{{NAMESPACE}}}"
ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and control characters, too


def parameters(**values: str) -> Parameters:
    return Parameters(values.items())


def as_json(payload: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(Wire(Form.JSON).success(payload))["subsonic-response"]
    return answer


def as_xml(payload: dict[str, Any]) -> ET.Element:
    return ET.fromstring(Wire(Form.XML).success(payload))


def test_every_answer_says_who_answers_in_which_version() -> None:
    said = {
        "status": "ok",
        "version": "1.16.1",
        "type": "segue",
        "serverVersion": server_version(),
        "openSubsonic": True,
    }
    assert as_json({}) == said
    root = as_xml({})
    assert root.tag == f"{IN_XML}subsonic-response"
    assert root.attrib == said | {"openSubsonic": "true"}


def test_plain_values_are_attributes_and_lists_are_elements() -> None:
    child = {"id": "1", "isDir": False, "duration": 30, "isrc": ["A", "B"], "genres": [{"name": "Rock"}]}
    root = as_xml({"directory": {"id": "d", "child": [child, {"id": "2"}], "replayGain": {"trackGain": -1.5}}})
    directory = root[0]
    assert directory.attrib == {"id": "d"}
    first, second, gain = directory
    assert first.attrib == {"id": "1", "isDir": "false", "duration": "30"}
    assert [(one.tag, one.text, one.attrib) for one in first] == [
        (f"{IN_XML}isrc", "A", {}),
        (f"{IN_XML}isrc", "B", {}),
        (f"{IN_XML}genres", None, {"name": "Rock"}),
    ]
    assert second.attrib == {"id": "2"}
    assert gain.attrib == {"trackGain": "-1.5"}


def test_a_value_is_what_stands_between_the_tags() -> None:
    root = as_xml({"genres": {"genre": [{"value": "R & B", "songCount": 2, "albumCount": 1}]}})
    assert root[0][0].text == "R & B"
    assert root[0][0].attrib == {"songCount": "2", "albumCount": "1"}
    line = as_xml({"structuredLyrics": {"line": [{"start": 0, "value": "la\nla"}]}})[0][0]
    assert (line.text, line.attrib) == ("la\nla", {"start": "0"})


def test_information_on_albums_and_artists_is_elements_alone() -> None:
    info = {"notes": "n", "musicBrainzId": "m", "similarArtist": [{"id": "1", "name": "x"}]}
    for name in ("albumInfo", "artistInfo", "artistInfo2"):
        found = as_xml({name: info})[0]
        assert found.attrib == {}
        assert [(one.tag.removeprefix(IN_XML), one.text) for one in found] == [
            ("notes", "n"),
            ("musicBrainzId", "m"),
            ("similarArtist", None),
        ]


def test_extensions_are_a_list_at_the_top() -> None:
    root = as_xml(
        {"openSubsonicExtensions": [{"name": "formPost", "versions": [1, 2]}, {"name": "x", "versions": [1]}]}
    )
    assert [(one.attrib, [version.text for version in one]) for one in root] == [
        ({"name": "formPost"}, ["1", "2"]),
        ({"name": "x"}, ["1"]),
    ]


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_makes_a_valid_answer_in_every_form(one: str, other: str) -> None:
    payload = {"genres": {"genre": [{"value": one, "name": other, "texts": [other]}]}}
    root = as_xml(payload)
    kept = root[0][0].attrib["name"]
    if other.isprintable():
        assert kept == other
    for wire in (Wire(Form.JSON), Wire(Form.JSONP, "call")):
        text = wire.success(payload).decode("utf-8").removeprefix("/**/call(").removesuffix(");")
        found = json.loads(text)["subsonic-response"]["genres"]["genre"][0]
        assert found["value"] == one.encode("utf-8", "replace").decode()


def test_breaks_of_lines_survive_in_attributes_too() -> None:
    text = "one\r\n\ttwo\nthree"
    element = as_xml({"song": {"comment": text, "value": text}})[0]
    assert element.attrib["comment"] == text
    assert element.text == text


def test_a_failure_has_the_number_and_the_sentences() -> None:
    error = NotFound("subsonic-not-found")
    answer = json.loads(Wire(Form.JSON).failure(error))["subsonic-response"]
    assert (answer["status"], answer["error"]) == ("failed", {"code": 70, "message": error.sentences})
    root = ET.fromstring(Wire(Form.XML).failure(error))
    assert root.attrib["status"] == "failed"
    assert root[0].attrib == {"code": "70", "message": error.sentences}


def test_an_error_that_apps_have_no_number_for_is_generic() -> None:
    assert number_of(SegueError("plain", message="no", advice="")) == 0


def test_the_form_is_xml_where_nothing_is_said() -> None:
    assert Wire.wanted(parameters()) == Wire(Form.XML)
    assert Wire.wanted(parameters(f="json")).media_type.startswith("application/json")
    with pytest.raises(ParameterRefused, match="xml, json, jsonp"):
        Wire.wanted(parameters(f="yaml"))


@pytest.mark.parametrize("callback", ["call", "jQuery_1$", "app.answers.one"])
def test_a_callback_is_called(callback: str) -> None:
    wire = Wire.wanted(parameters(f="jsonp", callback=callback))
    answer = wire.success({}).decode()
    assert answer.startswith(f"/**/{callback}({{")
    assert answer.endswith("});")
    assert wire.media_type.startswith("text/javascript")


@pytest.mark.parametrize("callback", ["", "alert(1)//", "a;b", "a.", "1a", "a b", "a\n", "ä", "a" * 2_000, "<script>"])
def test_a_callback_that_is_no_name_is_refused(callback: str) -> None:
    with pytest.raises(ParameterRefused, match="callback"):
        Wire.wanted(parameters(f="jsonp", callback=callback))


def test_ends_of_lines_of_programs_are_written_out_in_one() -> None:
    answer = Wire(Form.JSONP, "call").success({"song": {"title": "a\u2028b\u2029"}})
    assert "\u2028".encode() not in answer
    assert b"a\\u2028b\\u2029" in answer


@pytest.mark.parametrize("version", ["1.16.1", "1.16", "1.16.9", "1.2.0"])
def test_versions_that_can_be_answered(version: str) -> None:
    check_version(parameters(v=version))


def test_versions_that_cannot() -> None:
    with pytest.raises(ClientTooOld) as old:
        check_version(parameters(v="0.9.0"))
    with pytest.raises(ServerTooOld) as young:
        check_version(parameters(v="1.17.0"))
    assert (old.value.number, young.value.number) == (20, 30)
    for version in ("", "one", "1", "1.16.1.1", "1.99999"):
        with pytest.raises(ParameterRefused, match="“v”"):
            check_version(parameters(v=version))
