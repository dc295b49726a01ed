"""A password fits itself and nothing else, costs what it should, and few are computed at the same time."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.accounts.passwords import (
    AT_ONCE,
    COST,
    LONGEST,
    SHORTEST,
    WAITING,
    AccountRefused,
    Passwords,
    Scrypted,
)
from tests.unit.server.accounts.conftest import CHEAP
from tests.waiting import cost

CHEAP_ONES = Passwords(CHEAP)


@given(st.text(min_size=SHORTEST, max_size=60).filter(lambda text: len(unicodedata.normalize("NFC", text)) >= SHORTEST))
def test_a_password_fits_however_its_letters_are_composed(password: str) -> None:
    kept = CHEAP_ONES.kept(password)
    for form in ("NFC", "NFD"):
        assert CHEAP_ONES.fits(unicodedata.normalize(form, password), kept)
    assert not CHEAP_ONES.fits(f"{password}x", kept)
    assert not CHEAP_ONES.fits(password[1:], kept)


@pytest.mark.parametrize("password", ["", "short", "1234567", "x" * (LONGEST + 1)])
def test_one_that_is_none_is_refused(password: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        CHEAP_ONES.kept(password)
    assert "8 to 1,024 characters" in refused.value.message


def test_nothing_fits_where_none_is_kept_and_an_empty_one_fits_nothing() -> None:
    kept = CHEAP_ONES.kept("correct horse")
    assert not CHEAP_ONES.fits("correct horse", None)
    assert not CHEAP_ONES.fits("", None)
    assert not CHEAP_ONES.fits("", kept)
    # as if somebody had put one into the file by hand
    for password in ("", "x" * (LONGEST + 1)):
        digest = Scrypted(1, 8, 1, b"0" * 16, b"").digest_of(password)
        assert not CHEAP_ONES.fits(password, Scrypted(1, 8, 1, b"0" * 16, digest))


def test_the_same_password_is_kept_in_another_way_each_time() -> None:
    assert CHEAP_ONES.kept("correct horse").digest != CHEAP_ONES.kept("correct horse").digest


def test_it_is_kept_as_text_and_shown_to_nobody() -> None:
    kept = CHEAP_ONES.kept("correct horse")
    assert Scrypted.of(kept.as_text) == kept
    for shown in (repr(kept), str(kept), f"{kept}"):
        assert kept.digest.hex() not in shown
        assert kept.salt.hex() not in shown
    assert repr(kept.digest) not in repr(kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "correct horse",
        "bcrypt$15$8$1$" + "00" * 16 + "$" + "00" * 32,
        "scrypt$40$8$1$" + "00" * 16 + "$" + "00" * 32,  # a terabyte
        "scrypt$15$8192$1$" + "00" * 16 + "$" + "00" * 32,
        "scrypt$15$8$99999$" + "00" * 16 + "$" + "00" * 32,
        "scrypt$15$8$1$$" + "00" * 32,
        "scrypt$15$8$1$" + "00" * 16 + "$",
    ],
)
def test_what_a_file_cannot_ask_for(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part is wrong
        Scrypted.of(text)


def test_who_is_unknown_costs_as_much_as_who_is_known() -> None:
    passwords = Passwords()
    kept = passwords.kept("correct horse")
    assert kept.exponent == COST.bit_length() - 1
    known = cost(lambda: passwords.fits("wrong", kept))
    unknown = cost(lambda: passwords.fits("wrong", None))
    assert known / 3 < unknown < known * 3
    assert cost(lambda: CHEAP_ONES.fits("wrong", None)) < known / 10


def test_few_wait_for_their_turn_and_the_rest_is_sent_away() -> None:
    passwords, outcomes, many = Passwords(), [], AT_ONCE + WAITING + 30
    together = threading.Barrier(many)

    def ask() -> None:
        together.wait()
        try:
            outcomes.append(passwords.fits("wrong", None))
        except TooManyLogins as refused:
            outcomes.append(refused.retry_after)

    threads = [threading.Thread(target=ask) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(False) >= AT_ONCE + WAITING
    assert outcomes.count(1.0) == many - outcomes.count(False) > 0
    assert not passwords.fits("wrong", None)  # and there is room again
