"""A report says the words of the program, numbers and places in its code; nothing personal, however written."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from musicplayer.diagnose import allowed

SPELLINGS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "JSON of Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "part of an address": quote,
    "component of an address": lambda text: quote(text, safe=""),
    "small hexadecimal": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "form": quote_plus,
    "address in an address": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "Python": lambda text: ascii(text)[1:-1],
    "bytes": lambda text: repr(text.encode())[2:-1],
    "Latin 1": lambda text: text.encode().decode("latin-1"),
    "capitals": str.upper,
    "Windows": lambda text: text.replace("/", "\\"),
}
CHARACTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "S"), exclude_characters="?\ufffd")
NAMES = st.text(CHARACTERS, min_size=4, max_size=16).map(str.strip).filter(lambda name: len(name) >= 4)
PLAIN = st.text("abcdefgh ", max_size=10)


@settings(max_examples=25)
@given(
    person=NAMES, place=NAMES, folder=NAMES, password=NAMES, spelling=st.sampled_from(sorted(SPELLINGS)), words=PLAIN
)
@example("Zsófia Kovács", "Straße/ﬁŉ İı", "Lieder & “Tänze” 😀", "gehe1m", "itself", "")
def test_no_personal_string_is_left_in_a_log(
    person: str, place: str, folder: str, password: str, spelling: str, words: str
) -> None:
    home, music = f"/home/{person}/{place}", f"/media/{person}/{folder}"
    spell = SPELLINGS[spelling]
    head = "2026-11-21T10:00:00.000+0000 INFO    12 a.b: "
    said = allowed.text(
        "\n".join(
            [
                f"{head}{spell(home)}/data {words}",
                f"{head}the disk of {spell(home)} is full",
                f'  File "{spell(home)}/x.py", line 3, in {words}',
                f"{words} {spell(music)}/a b.mp3: {spell(person)}, {spell(folder)} {spell(password)}",
                f"OSError: [Errno 13] Permission denied: '{spell(music)}'",
                f"mongodb://{person}:{quote(password, safe='')}@localhost/x",
                *map(spell, (person, place, folder, password)),
            ]
        )
    )
    frame = allowed.text(
        f'{head}x\n{head}the disk of x is full\n  File "x.py", line 3, in x\nx\n'
        "OSError: [Errno 13] Permission denied: 'x'\nx\nx\nx\nx\nx"
    )
    for secret in (person, place, folder, password):
        assume(secret.lower() not in f"{frame} (5 lines)".lower())
        assert secret.lower() not in said.lower()
        assert spell(secret).lower() not in said.lower()


@pytest.mark.parametrize("name", ["Björk – Jóga", "(What’s) the Story", 'Don\'t "Stop"', "АББА", "Radio", "Yesterday"])
def test_names_of_music_are_in_no_gap_of_a_sentence(name: str) -> None:
    line = f"2026-11-21T10:00:00.000+0000 INFO    12 shown: {name} cannot be read: {name}."
    assert name not in allowed.text(f"{line}\n{name}\nValueError: {name}\n{name}: {name}")


def test_what_helps_to_find_a_fault_is_kept() -> None:
    from indexer import build

    head = "2026-11-21T10:00:00.000+0000 INFO    12 player: "
    said = allowed.text(
        f'{head}stage scan begins, 300 to do\n{head}Anna\n  File "{build.__file__}", line 3, in build\n'
        f"ValueError: Anna\nPermissionError: [Errno 13] Permission denied: '/home/anna'\nAnna\nBerta"
    )
    assert said == (
        f'{head}stage scan begins, 300 to do\n{head}…\n  File "‹segue›/indexer/build.py", line 3, in build\n'
        "ValueError: …\nPermissionError: [Errno 13] Permission denied: …\n… (2 lines)"
    )


def test_a_crash_and_a_failure_of_spark_keep_where_they_were() -> None:
    lines = (
        "Fatal Python error: Segmentation fault",
        "Current thread 0x00007f3a (most recent call first):",
        "Caused by: org.apache.spark.SparkException: Anna's file /home/anna",
        "\tat org.apache.spark.rdd.RDD.collect(RDD.scala:1049)",
        "26/11/21 10:00:00 WARN TaskSetManager: Lost task of anna",
    )
    assert allowed.text("\n".join(lines)).splitlines() == [
        lines[0], lines[1], "Caused by: org.apache.spark.SparkException …", lines[3],
        "26/11/21 10:00:00 WARN TaskSetManager: …",
    ]  # fmt: skip


def test_a_long_log_of_anything_is_gone_through_at_once() -> None:
    head = "2026-11-21T10:00:00.000+0000 INFO    12 a.b: "
    said = allowed.text("\n".join(f"{head}something was read of the file, {number} times" for number in range(2_000)))
    assert said.splitlines() == [f"{head}…"] * 2_000
