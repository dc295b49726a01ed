"""What is personal is in no scrubbed text, however it was written down."""

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

from musicplayer.diagnose.names import Names
from musicplayer.diagnose.personal import Personal
from musicplayer.diagnose.scrubber import Scrubber
from musicplayer.diagnose.spelling import any_of

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


@settings(max_examples=50)
@given(text=NAMES, before=PLAIN, after=PLAIN)
@example(text="Zsófia Kovács/Lieder & “Tänze” 😀", before="", after="")
@example(text="Straße/ﬁŉ İı", before="", after="")
def test_every_spelling_is_found(text: str, before: str, after: str) -> None:
    pattern = any_of([text])
    for name, spell in SPELLINGS.items():
        written = spell(text)
        left = pattern.sub("", f"{before} {written} {after}")
        assert written not in left, name


@settings(max_examples=25)
@given(
    person=NAMES, place=NAMES, folder=NAMES, password=NAMES, spelling=st.sampled_from(sorted(SPELLINGS)), words=PLAIN
)
def test_no_personal_string_is_left_in_a_log(
    person: str, place: str, folder: str, password: str, spelling: str, words: str
) -> None:
    home, music = f"/home/{person}/{place}", f"/media/{person}/{folder}"
    personal = Personal(homes=(home,), folders=(music,), people=(person, place, folder), secrets=(password,))
    spell = SPELLINGS[spelling]
    text = "\n".join(
        [
            f"2026-11-21T10:00:00.000+0000 INFO    12 a.b: {spell(home)}/data {words}",
            f'  File "{spell(home)}/x.py", line 3, in {words}',
            f"{words} {spell(music)}/a b.mp3: {spell(person)}, {spell(folder)} {spell(password)}",
            f"mongodb://{person}:{quote(password, safe='')}@localhost/x",
        ]
    )
    scrubbed = Scrubber(personal).text(text)
    lowered = scrubbed.lower()
    frame = Scrubber(personal).text(
        "2026-11-21T10:00:00.000+0000 INFO    12 a.b: mongodb://…@localhost/x …py line 3, in"
    )
    for secret in (person, place, folder, password):
        assume(secret.lower() not in f"{frame} {words} ‹private 1› ‹folder 1› ‹home›".lower())
        assert secret.lower() not in lowered
        assert spell(secret).lower() not in lowered


def test_the_same_thing_has_the_same_placeholder_everywhere() -> None:
    personal = Personal(folders=("/mnt/one", "/mnt/two"), people=("anna", "berta"), hosts=("tower",))
    said = Scrubber(personal).text("/mnt/two is away\nanna on tower\nBERTA and anna's\n/MNT/two/x")
    assert said == "‹folder 2›\n‹private 1› on ‹host 1›\n‹private 2› and ‹private 1›'s\n‹folder 2›"


def test_what_helps_to_find_a_fault_is_kept() -> None:
    import indexer
    from indexer import build

    personal = Personal(homes=(str(indexer.__path__[0]).rpartition("/")[0],), people=("work",))
    said = Scrubber(personal).text(f'  File "{build.__file__}", line 3, in build\nValueError: 12 is not 13')
    assert said == '  File "‹segue›/indexer/build.py", line 3, in build\nValueError: 12 is not 13'


@pytest.mark.parametrize("name", ["Björk – Jóga", "(What’s) the Story", 'Don\'t "Stop"', "АББА", "a.b c"])
def test_names_of_music_are_found_as_whole_words(name: str) -> None:
    names = Names(["Jóga", name, "1999"])
    for written in (name, json.dumps(name)[1:-1], quote(name), unicodedata.normalize("NFD", name)):
        assert names.replaced(f"played {written} in 1999", lambda _: "‹›") == "played ‹› in 1999"
    assert names.replaced(f"x{name}y" if name[0].isalnum() else "xJógay", lambda _: "‹›").startswith("x")


def test_many_names_with_one_beginning_are_looked_for_in_one_walk() -> None:
    names = Names(f"Title {number} of it" for number in range(20_000))
    assert names.replaced("Title 19999 of it " * 1_000, lambda _: "‹›") == "‹› " * 1_000
