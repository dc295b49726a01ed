"""Accounts are made, changed and removed; the first of them by what only the machine itself shows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import OWNER, ListenerId
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.keeping import AccountsUnusable
from musicplayer.server.accounts.passwords import AccountRefused
from musicplayer.server.accounts.people import AccountGone
from musicplayer.server.accounts.records import LONGEST_NAME, name_key

Open = Callable[[], Accounts]
NOBODY = ListenerId("nobody")


def ben_of(household: Accounts) -> ListenerId:
    return household.all()[1].id


def test_the_first_account_is_the_owners_and_its_link_is_good_once(accounts: Accounts, opened: Open) -> None:
    token = accounts.first_token
    assert token is not None
    anna = accounts.create_first(token, "Anna", "correct horse")
    assert (anna.id, anna.admin) == (OWNER, True)
    assert accounts.first_token is None
    for again in (accounts, opened()):
        with pytest.raises(AccountRefused):
            again.create_first(token, "Mallory", "correct horse")
    assert accounts.all() == [anna]


@pytest.mark.parametrize("token", ["", "x", "é" * 10, "A" * 32])
def test_no_other_token_makes_it(accounts: Accounts, token: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.create_first(token, "Mallory", "correct horse")
    assert accounts.all() == []


def test_each_start_has_another_link(accounts: Accounts, opened: Open) -> None:
    with pytest.raises(AccountRefused):
        opened().create_first(accounts.first_token or "", "Mallory", "correct horse")


def test_a_link_whose_account_could_not_be_made_stays_good(accounts: Accounts) -> None:
    for name, password in (("", "correct horse"), ("Anna", "")):
        with pytest.raises(AccountRefused):
            accounts.create_first(accounts.first_token or "", name, password)
    assert accounts.create_first(accounts.first_token or "", "Anna", "correct horse").name == "Anna"


def test_of_many_who_follow_the_link_at_once_one_is_first(accounts: Accounts) -> None:
    token, outcomes = accounts.first_token or "", []

    def follow(number: int) -> None:
        try:
            outcomes.append(accounts.create_first(token, f"Anna {number}", "correct horse").name)
        except AccountRefused:
            outcomes.append("")

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert [name for name in outcomes if name] == [account.name for account in accounts.all()]
    assert len(accounts.all()) == 1


@pytest.mark.parametrize("name", ["ANNA", "ánna", "Ａｎｎａ", "A\u0301nna", "  anna ", "An\u00adna"])
def test_a_name_is_one_however_it_is_written(household: Accounts, name: str) -> None:
    assert household.named(name) == household.all()[0]
    with pytest.raises(AccountRefused) as refused:
        household.add(name, "correct horse")
    assert refused.value.code == "account-name-taken"


@pytest.mark.parametrize("name", ["", "  ", "\0\x07", "\u200b", "x" * (LONGEST_NAME + 1), "\ud800"])
def test_what_cannot_be_a_name_is_refused(household: Accounts, name: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        household.add(name, "correct horse")
    assert refused.value.code == "name-unfit"
    assert household.named(name) is None


@given(name=st.text(max_size=LONGEST_NAME))
def test_a_name_that_is_kept_is_found_as_it_is_shown(name: str) -> None:
    assert name_key(name.upper()) == name_key(name.upper().lower().upper())
    assert name_key(f" {name} ") == name_key(name)


def test_a_new_listener_may_listen_download_and_share_and_nothing_else(household: Accounts) -> None:
    ben = household.all()[1]
    assert ben.may_download
    assert ben.may_share_playlists
    assert [ben.admin, ben.may_remote, ben.household_taste, ben.highest_bit_rate] == [False, False, False, 0]


def test_rights_and_name_change_and_stay(household: Accounts, opened: Open) -> None:
    changed = household.update(
        ben_of(household), name="Benedict", may_download=False, highest_bit_rate=192, household_taste=True
    )
    assert (changed.name, changed.may_download, changed.highest_bit_rate) == ("Benedict", False, 192)
    assert opened().get(changed.id) == household.named("benedict") == changed
    assert household.named("Ben") is None
    assert household.update(changed.id, name="BENEDICT").name == "BENEDICT"  # its own name, written otherwise


def test_a_change_that_cannot_be_changes_nothing(household: Accounts, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(AccountRefused):
        household.update(ben_of(household), name="anna")
    for wrong in ({"highest_bit_rate": "192"}, {"admin": "no"}, {"may_remote": None}, {"id": "owner"}, {"x": 1}):
        with pytest.raises(TypeError):
            household.update(ben_of(household), **wrong)  # type: ignore[arg-type, typeddict-item]
    with pytest.raises(ValueError, match=ben_of(household)):
        household.update(ben_of(household), highest_bit_rate=-1)
    assert file.read_bytes() == before


def test_somebody_stays_who_is_admin_and_the_owner_stays(household: Accounts) -> None:
    with pytest.raises(AccountRefused) as refused:
        household.update(OWNER, admin=False)
    assert refused.value.code == "account-last-admin"
    household.update(ben_of(household), admin=True)
    household.update(OWNER, admin=False)
    for listener in (OWNER, ben_of(household)):
        with pytest.raises(AccountRefused):
            household.remove(listener)
    assert len(household.all()) == 2


def test_what_nobody_has_cannot_be_changed(household: Accounts) -> None:
    asked = (
        lambda: household.update(NOBODY, admin=True),
        lambda: household.remove(NOBODY),
        lambda: household.set_password(NOBODY, "correct horse"),
        lambda: household.new_session(NOBODY),
        lambda: household.new_device(NOBODY, "phone"),
    )
    for ask in asked:
        with pytest.raises(AccountGone):
            ask()
    assert household.get(NOBODY) is None
    assert household.devices(NOBODY) == []


def test_nothing_is_said_of_passwords_in_what_is_shown(household: Accounts) -> None:
    shown = repr(household.all()) + repr(household) + repr(vars(household))
    assert "scrypt" not in shown
    assert "correct horse" not in shown


def test_a_full_disk_keeps_the_account_that_was(household: Accounts, file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "in the way").touch()
    with pytest.raises(AccountsUnusable):
        household.set_password(OWNER, "another horse")
    assert household.log_in("Anna", "correct horse", "192.0.2.1").id == OWNER
