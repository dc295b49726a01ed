"""What the server alone can make cannot be made by others, changed, or used for something else."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.core.plays import ListenerId
from musicplayer.server.accounts import signing
from musicplayer.server.accounts.signing import DeviceId, device_of, is_token_of, key_of, new_device_id

SECRET = b"s" * signing.SECRET_BYTES
NOW = 1_790_000_000.0
ANY_TEXT = st.text(max_size=200) | st.text(st.characters(), max_size=20)  # lone surrogates too


@given(listener=st.text(max_size=40), what=ANY_TEXT, life=st.floats(1, 10**6))
def test_what_is_signed_is_opened_until_its_time_is_over(listener: str, what: str, life: float) -> None:
    text = signing.signed(SECRET, ListenerId(listener), what, NOW + life)
    assert re.fullmatch(r"[\w.-]+", text, re.ASCII)  # goes into an address as it is
    assert signing.opened(SECRET, text, NOW) == (listener, what)
    assert signing.opened(SECRET, text, NOW + life + 1) is None


@given(st.data())
def test_any_change_of_a_signed_text_is_noticed(data: st.DataObject) -> None:
    text = signing.signed(SECRET, ListenerId("anna"), "stream/0123456789abcdef", NOW + 60)
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.text(max_size=2))
    changed = text[:at] + put + text[at + data.draw(st.integers(0, 2)) :]
    assume(changed != text)
    assert signing.opened(SECRET, changed, NOW) is None


@given(ANY_TEXT)
def test_any_text_from_elsewhere_is_nobody(text: str) -> None:
    assert signing.opened(SECRET, text, NOW) is None
    assert device_of(SECRET, text) is None


def test_parts_of_two_signed_texts_do_not_go_together() -> None:
    of_anna = signing.signed(SECRET, ListenerId("anna"), "stream/1", NOW + 60)
    of_ben = signing.signed(SECRET, ListenerId("ben"), "stream/1", NOW + 60)
    assert signing.opened(SECRET, f"{of_anna.partition('.')[0]}.{of_ben.partition('.')[2]}", NOW) is None


def test_another_server_signs_otherwise() -> None:
    other = b"o" * signing.SECRET_BYTES
    text = signing.signed(other, ListenerId("anna"), "stream/1", NOW + 60)
    assert signing.opened(SECRET, text, NOW) is None
    assert device_of(SECRET, key_of(other, new_device_id())) is None


def test_a_text_as_long_as_it_likes_is_not_even_looked_at() -> None:
    text = signing.signed(SECRET, ListenerId("anna"), "x" * 10_000, NOW + 60)
    assert signing.opened(SECRET, text, NOW) is None


def test_a_key_can_be_typed_and_names_its_device() -> None:
    device = new_device_id()
    key = key_of(SECRET, device)
    assert re.fullmatch("[a-z2-7]{32}", key)
    assert device_of(SECRET, key) == device
    assert key_of(SECRET, new_device_id()) != key


@given(place=st.integers(0, 31), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_key_that_differs_in_a_letter_is_nobodys(place: int, letter: str) -> None:
    key = key_of(SECRET, DeviceId("abcdefgh"))
    assume(key[place] != letter)
    assert device_of(SECRET, key[:place] + letter + key[place + 1 :]) is None


def test_a_signed_address_is_no_key_and_a_key_signs_nothing() -> None:
    key = key_of(SECRET, DeviceId("abcdefgh"))
    assert signing.opened(SECRET, f"abcdefgh.{key[8:]}", NOW) is None
    text = signing.signed(SECRET, ListenerId("anna"), "stream/1", NOW + 60)
    assert device_of(SECRET, text) is None


@given(salt=ANY_TEXT)
def test_a_token_is_of_one_key_and_one_salt(salt: str) -> None:
    key, other = key_of(SECRET, DeviceId("abcdefgh")), key_of(SECRET, DeviceId("abcdefgi"))
    token = hashlib.md5((key + salt).encode("utf-8", "surrogatepass")).hexdigest()
    assert is_token_of(key, token, salt)
    assert is_token_of(key, token.upper(), salt)
    assert not is_token_of(other, token, salt)
    assert not is_token_of(key, token, f"{salt}x")


@pytest.mark.parametrize("token", ["", "0" * 32, "é" * 32, "5ebe2294ecd0e0f08eab7690d2a6ee69"])
def test_other_tokens_are_of_no_key(token: str) -> None:
    assert not is_token_of(key_of(SECRET, DeviceId("abcdefgh")), token, "salt")
