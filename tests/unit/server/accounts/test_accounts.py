"""Who gets in: with a password, a session, a key or a signed address of one's own, and not without."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.plays import OWNER, ListenerId
from musicplayer.server.accounts import devices, sessions
from musicplayer.server.accounts.accounts import Accounts, LoginRefused
from musicplayer.server.accounts.limits import FREE, HUNTED_FROM, TooManyLogins
from musicplayer.server.accounts.passwords import AccountRefused, Passwords
from musicplayer.server.accounts.signing import LONGEST_LIFE
from tests.unit.server.accounts.conftest import Clock
from tests.waiting import cost

Open = Callable[[], Accounts]
HOME, ELSEWHERE = "192.0.2.1", "203.0.113.7"


def token_of(key: str, salt: str) -> str:
    return hashlib.md5((key + salt).encode()).hexdigest()


def ben_of(household: Accounts) -> ListenerId:
    return household.all()[1].id


# Passwords.


def test_name_and_password_let_in_who_has_them(household: Accounts) -> None:
    assert household.log_in("anna", "correct horse", HOME).id == OWNER
    assert household.log_in("BEN", "battery staple", HOME).id == ben_of(household)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Anna", "battery staple"),
        ("Anna", ""),
        ("Anna", "Correct Horse"),
        ("Cleo", "correct horse"),
        ("", ""),
        ("", "correct horse"),
        ("Anna\0", "correct horse\0"),
        ("x" * 100_000, "y" * 100_000),
        ("\ud800", "\ud800"),
    ],
)
def test_all_else_is_refused_with_the_same_words(household: Accounts, name: str, password: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        household.log_in(name, password, HOME)
    assert refused.value.sentences == "Name or password is wrong."


def test_a_name_that_is_unknown_costs_as_much_as_one_that_is(file: Path, clock: Clock) -> None:
    accounts = Accounts(file, clock=clock, passwords=Passwords())
    accounts.create_first(accounts.first_token or "", "Anna", "correct horse")

    def refused(name: str) -> float:
        def ask() -> None:
            with pytest.raises(LoginRefused):
                accounts.log_in(name, "wrong", secrets.token_hex(4))

        return cost(ask)

    known, unknown = refused("Anna"), refused("Nobody")
    assert known / 3 < unknown < known * 3


def test_ten_thousand_wrong_logins_keep_the_owner_out_nowhere_else(household: Accounts) -> None:
    looked_at = 0
    for number in range(10_000):
        try:
            household.log_in("Anna", f"guess {number}", f"203.0.{number % 2500 >> 8}.{number % 2500 & 255}")
        except LoginRefused:
            looked_at += 1
        except TooManyLogins:
            continue
    assert looked_at <= 2500 + HUNTED_FROM
    assert household.log_in("Anna", "correct horse", HOME).id == OWNER
    assert household.session(household.new_session(OWNER)) is not None


def test_who_guesses_waits_and_is_not_looked_at(household: Accounts, clock: Clock) -> None:
    for number in range(FREE):
        with pytest.raises(LoginRefused):
            household.log_in("Anna", f"guess {number}", ELSEWHERE)
    with pytest.raises(TooManyLogins) as refused:
        household.log_in("Anna", "correct horse", ELSEWHERE)
    clock.now += refused.value.retry_after
    assert household.log_in("Anna", "correct horse", ELSEWHERE).id == OWNER


def test_a_day_of_guessing_from_one_address_comes_to_few_guesses(household: Accounts, clock: Clock) -> None:
    looked_at, until = 0, clock.now + 24 * 3600
    while clock.now < until:
        try:
            household.log_in("Anna", "wrong", ELSEWHERE)
        except LoginRefused:
            looked_at += 1
        except TooManyLogins as refused:
            clock.now += refused.retry_after
    assert looked_at < 4 * 24 + 20


def test_an_own_account_gives_no_guesses_at_others(household: Accounts) -> None:
    for number in range(FREE - 1):
        with pytest.raises(LoginRefused):
            household.log_in("Anna", f"guess {number}", ELSEWHERE)
        assert household.log_in("Ben", "battery staple", ELSEWHERE).name == "Ben"
    with pytest.raises(LoginRefused):
        household.log_in("Anna", "one more guess", ELSEWHERE)
    with pytest.raises(TooManyLogins):
        household.log_in("Ben", "battery staple", ELSEWHERE)


# Sessions.


def test_a_cookie_is_of_who_logged_in_until_the_session_ends(household: Accounts) -> None:
    cookie, other = household.new_session(OWNER), household.new_session(ben_of(household))
    assert cookie != other
    household.end_session("some other")
    assert household.session(cookie) == household.get(OWNER)
    household.end_session(cookie)
    household.end_session(cookie)
    assert household.session(cookie) is None
    assert household.session(other) == household.all()[1]


def test_a_session_lasts_as_long_as_it_is_used_and_thirty_days_more(
    household: Accounts, clock: Clock, opened: Open
) -> None:
    cookie = household.new_session(OWNER)
    for _ in range(10):
        clock.now += sessions.LIFE - 10
        assert household.session(cookie) is not None
    household.save_times()
    clock.now += sessions.LIFE - 10
    assert opened().session(cookie) is not None
    clock.now += 20
    assert household.session(cookie) is None
    assert opened().session(cookie) is None


@pytest.mark.parametrize("cookie", ["", "x", "\ud800", "0" * 64])
def test_no_other_cookie_is_anybodys(household: Accounts, file: Path, cookie: str) -> None:
    household.new_session(OWNER)
    assert household.session(cookie) is None
    kept = re.findall(r'"([0-9a-f]{64})": \["owner"', file.read_text())
    assert len(kept) == 1
    assert household.session(kept[0]) is None  # what the file has is no cookie


def test_an_account_has_so_many_sessions_and_the_oldest_ends(household: Accounts, clock: Clock) -> None:
    of_ben = household.new_session(ben_of(household))
    cookies = []
    for _ in range(sessions.MOST + 2):
        clock.now += 1
        cookies.append(household.new_session(OWNER))
    assert [household.session(cookie) is not None for cookie in cookies] == [False] * 2 + [True] * sessions.MOST
    assert household.session(of_ben) is not None


def test_a_new_password_ends_the_other_sessions_and_the_old_password(household: Accounts) -> None:
    here, there, of_ben = (household.new_session(each) for each in (OWNER, OWNER, ben_of(household)))
    key = household.new_device(OWNER, "phone")[1]
    household.set_password(OWNER, "another horse", staying=here)
    assert [household.session(cookie) is not None for cookie in (here, there, of_ben)] == [True, False, True]
    assert household.by_key(key, HOME) is not None
    with pytest.raises(LoginRefused):
        household.log_in("Anna", "correct horse", HOME)
    assert household.log_in("Anna", "another horse", HOME).id == OWNER
    household.set_password(OWNER, "another one", staying=of_ben)  # which is not one of hers
    assert household.session(here) is None


def test_with_an_account_all_that_let_it_in_ends(household: Accounts, opened: Open) -> None:
    ben = ben_of(household)
    cookie, (device, key), signed = (
        household.new_session(ben),
        household.new_device(ben, "phone"),
        household.sign(ben, "stream/1", 60),
    )
    household.remove(ben)
    again = household.add("Ben", "battery staple")
    assert again.id != ben
    for accounts in (household, opened()):
        assert accounts.session(cookie) is None
        assert accounts.by_key(key, HOME) is None
        assert accounts.by_subsonic("Ben", password=key, address=HOME) is None
        assert accounts.signed(signed) is None
        assert accounts.devices(ben) == []
        assert accounts.get(ben) is None
    assert device.listener == ben


# Devices.


def test_a_key_lets_its_listener_in_until_it_is_revoked(household: Accounts, opened: Open) -> None:
    phone, key = household.new_device(OWNER, "Anna's phone")
    other = household.new_device(OWNER, "kitchen")[1]
    assert [device.name for device in household.devices(OWNER)] == ["Anna's phone", "kitchen"]
    for accounts in (household, opened()):
        assert accounts.by_key(key, HOME) == accounts.get(OWNER)
    assert not household.revoke(ben_of(household), phone.id)
    assert household.revoke(OWNER, phone.id)
    assert not household.revoke(OWNER, phone.id)
    for accounts in (household, opened()):
        assert accounts.by_key(key, HOME) is None
        assert accounts.by_key(other, HOME) == accounts.get(OWNER)


def test_a_subsonic_app_gets_in_by_token_or_by_the_key_as_password(household: Accounts) -> None:
    keys = [household.new_device(OWNER, f"device {number}")[1] for number in range(12)]
    for key in keys:
        assert household.by_subsonic("ANNA", token=token_of(key, "salt"), salt="salt", address=HOME) is not None
        assert household.by_subsonic("anna", password=key, address=HOME) is not None


def test_tokens_of_the_login_password_of_others_and_of_revoked_devices_are_refused(household: Accounts) -> None:
    phone, key = household.new_device(OWNER, "phone")
    of_ben = household.new_device(ben_of(household), "phone")[1]
    salt = "c19b2d"
    wrong = {
        "login password": ("Anna", token_of("correct horse", salt)),
        "another's key": ("Anna", token_of(of_ben, salt)),
        "another's name": ("Ben", token_of(key, salt)),
        "nobody's name": ("Cleo", token_of(key, salt)),
        "another salt": ("Anna", token_of(key, "other")),
        "nothing": ("Anna", token_of("", salt)),
    }
    for number, (name, token) in enumerate(wrong.values()):
        assert household.by_subsonic(name, token=token, salt=salt, address=f"198.51.100.{number}") is None
    for password in ("correct horse", of_ben, ""):
        assert household.by_subsonic("Anna", password=password, address="198.51.100.200") is None
    replayed = token_of(key, salt)
    assert household.by_subsonic("Anna", token=replayed, salt=salt, address=HOME) is not None
    household.revoke(OWNER, phone.id)
    assert household.by_subsonic("Anna", token=replayed, salt=salt, address=HOME) is None
    assert household.by_subsonic("Anna", password=key, address=HOME) is None


def test_the_login_password_is_no_key_and_a_key_no_login_password(household: Accounts) -> None:
    key = household.new_device(OWNER, "phone")[1]
    assert household.by_key("correct horse", HOME) is None
    with pytest.raises(LoginRefused):
        household.log_in("Anna", key, HOME)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(max_size=40), name=st.sampled_from(["Anna", "Ben", "Cleo", ""]), salt=st.text(max_size=10))
def test_no_guess_is_a_key(household: Accounts, key: str, name: str, salt: str) -> None:
    address = secrets.token_hex(8)
    assert household.by_key(key, address) is None
    assert household.by_subsonic(name, password=key, address=address) is None
    assert household.by_subsonic(name, token=key, salt=salt, address=address) is None


def test_wrong_keys_are_sent_away_and_right_ones_from_the_same_house_are_not(household: Accounts) -> None:
    key = household.new_device(OWNER, "phone")[1]
    assert [household.by_key("revoked", HOME) for _ in range(FREE)] == [None] * FREE
    with pytest.raises(TooManyLogins):
        household.by_key("revoked", HOME)
    assert household.by_key(key, HOME) is not None
    assert household.log_in("Anna", "correct horse", HOME).id == OWNER


def test_a_listener_has_so_many_devices(household: Accounts) -> None:
    for number in range(devices.MOST):
        household.new_device(OWNER, f"device {number}")
    with pytest.raises(AccountRefused) as refused:
        household.new_device(OWNER, "one more")
    assert refused.value.code == "devices-many"
    assert household.new_device(ben_of(household), "phone")
    with pytest.raises(AccountRefused):
        household.new_device(ben_of(household), "")


def test_when_a_device_was_used_is_kept_to_the_hour_and_not_written_with_every_request(
    household: Accounts, clock: Clock, file: Path, opened: Open
) -> None:
    key = household.new_device(OWNER, "phone")[1]
    assert household.devices(OWNER)[0].used == 0.0
    written = file.read_bytes()
    first = clock.now
    for _ in range(100):
        household.by_key(key, HOME)
        clock.now += 10
    assert file.read_bytes() == written
    household.save_times()
    assert opened().devices(OWNER)[0].used == first
    clock.now += 2 * sessions.STEP
    household.by_key(key, HOME)
    household.add("Cleo", "correct horse")  # whatever is written takes it along
    assert opened().devices(OWNER)[0].used == clock.now


def test_asking_who_somebody_is_costs_little_beside_a_guess(file: Path) -> None:
    accounts = Accounts(file)
    accounts.create_first(accounts.first_token or "", "Anna", "correct horse")
    cookie, key = accounts.new_session(OWNER), accounts.new_device(OWNER, "phone")[1]
    token = token_of(key, "salt")

    def asked() -> None:
        for _ in range(20):
            assert accounts.session(cookie)
            assert accounts.by_key(key, HOME)
            assert accounts.by_subsonic("Anna", token=token, salt="salt", address=HOME)

    assert cost(asked) < cost(lambda: accounts.log_in("Anna", "correct horse", HOME))


# Signed addresses.


def test_a_signed_address_is_of_one_listener_one_thing_and_ends(household: Accounts, clock: Clock) -> None:
    text = household.sign(OWNER, "stream/1", 60)
    assert household.signed(text) == (OWNER, "stream/1")
    assert household.signed(text.replace(".", "")) is None
    clock.now += 61
    assert household.signed(text) is None


def test_none_is_good_for_more_than_a_day(household: Accounts, clock: Clock) -> None:
    text = household.sign(OWNER, "stream/1", 10**9)
    clock.now += LONGEST_LIFE + 1
    assert household.signed(text) is None


def test_logs_have_no_password_key_cookie_or_name(household: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key, cookie = household.new_device(OWNER, "phone")[1], household.new_session(OWNER)
    household.by_key(key, HOME)
    household.session(cookie)
    household.log_in("Anna", "correct horse", HOME)
    with pytest.raises(LoginRefused):
        household.log_in("my password by mistake", "wrong password", "198.51.100.1\n2027 forged line")
    assert household.by_subsonic("Anna", password="wrong key", address=HOME) is None
    assert "198.51.100.1" in caplog.text
    for secret in ("correct horse", "by mistake", "wrong password", "wrong key", key, cookie, "\n2027"):
        assert secret not in caplog.text
