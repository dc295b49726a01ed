"""The file of the accounts: whatever becomes of it, nobody gets in who should not, and nothing is written over."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.backup.home_files import contents_of, put_back
from indexer.core.home import Home
from musicplayer.server.accounts.accounts import Accounts, LoginRefused
from musicplayer.server.accounts.keeping import AccountsFile, AccountsUnusable
from musicplayer.server.accounts.passwords import AccountRefused, Passwords
from musicplayer.server.accounts.records import VERSION, Kept
from tests.conftest import REPOSITORY
from tests.unit.server.accounts.conftest import CHEAP, Clock

Open = Callable[[], Accounts]
HOME = "192.0.2.1"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def nobody_gets_in(accounts: Accounts, cookie: str, key: str) -> bool:
    """Nor can anybody make the first account."""
    for token in ("", accounts.first_token or ""):
        with pytest.raises(AccountRefused):
            accounts.create_first(token, "Mallory", "correct horse")
    with pytest.raises(LoginRefused):
        accounts.log_in("Anna", "correct horse", HOME)
    return not (accounts.first_token or accounts.session(cookie) or accounts.by_key(key, HOME) or accounts.all())


@pytest.fixture
def proofs(household: Accounts) -> tuple[str, str]:
    """A cookie and a key of Anna's."""
    anna = household.named("anna")
    assert anna is not None
    return household.new_session(anna.id), household.new_device(anna.id, "phone")[1]


def test_everything_is_there_after_a_start(household: Accounts, opened: Open, proofs: tuple[str, str]) -> None:
    signed = household.sign(household.all()[0].id, "stream/1", 60)
    again = opened()
    assert again.trouble is None
    assert again.first_token is None
    assert again.all() == household.all()
    assert again.session(proofs[0]) == again.by_key(proofs[1], HOME) == again.log_in("anna", "correct horse", HOME)
    assert again.signed(signed) == (household.all()[0].id, "stream/1")


def test_it_holds_no_password_key_or_cookie_and_is_its_owners(
    household: Accounts, file: Path, proofs: tuple[str, str]
) -> None:
    text = file.read_text(encoding="utf-8")
    assert not [secret for secret in ("correct horse", "battery staple", *proofs) if secret in text]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_one_that_others_could_read_is_closed_to_them(household: Accounts, file: Path, opened: Open) -> None:
    file.chmod(0o644)
    assert opened().trouble is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"version": 1}', b'{"version": 1, "accounts": 3}'])
def test_a_damaged_one_is_set_aside_and_lets_nobody_in(
    household: Accounts, file: Path, opened: Open, proofs: tuple[str, str], content: bytes
) -> None:
    file.write_bytes(content)
    accounts = opened()
    aside = file.with_name("accounts.damaged.json")
    assert aside.read_bytes() == content
    assert not file.exists()
    assert accounts.trouble is not None
    assert str(aside) in accounts.trouble.message
    assert str(aside) in accounts.trouble.advice
    assert nobody_gets_in(accounts, *proofs)
    with pytest.raises(AccountsUnusable):
        accounts.add("Mallory", "correct horse")
    assert nobody_gets_in(opened(), *proofs)  # the next start does not take the file that is gone for a new home
    assert not file.exists()


def test_what_strangers_are_told_of_trouble_names_no_file(household: Accounts, file: Path, opened: Open) -> None:
    file.write_bytes(b"{")
    with pytest.raises(LoginRefused) as refused:
        opened().log_in("Anna", "correct horse", HOME)
    assert str(file.parent) not in refused.value.sentences


def test_a_sound_one_in_its_place_is_taken_up_by_a_server_that_runs(
    household: Accounts, file: Path, opened: Open, proofs: tuple[str, str]
) -> None:
    sound = file.read_bytes()
    file.write_bytes(sound[: len(sound) // 2])
    accounts = opened()
    assert nobody_gets_in(accounts, *proofs)
    file.write_bytes(sound)
    assert accounts.trouble is None
    assert accounts.session(proofs[0]) == accounts.named("anna")


def test_who_deletes_the_damaged_one_begins_anew(household: Accounts, file: Path, opened: Open) -> None:
    file.write_bytes(b"{")
    accounts = opened()
    assert accounts.first_token is None
    file.with_name("accounts.damaged.json").unlink()
    assert accounts.trouble is None
    assert accounts.create_first(accounts.first_token or "", "Anna", "another horse").admin


def test_no_damaged_one_takes_the_place_of_another(household: Accounts, file: Path, opened: Open) -> None:
    for content in (b"1", b"2", b"3"):
        file.write_bytes(content)
        assert opened().trouble is not None
    kept = {path.name: path.read_bytes() for path in file.parent.glob("*.damaged*")}
    assert kept == {
        "accounts.damaged.json": b"1",
        "accounts.damaged-2.json": b"2",
        "accounts.damaged-3.json": b"3",
    }


def test_a_server_that_runs_goes_on_when_its_file_is_damaged(
    household: Accounts, file: Path, opened: Open, proofs: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    file.write_bytes(b"{")
    assert household.session(proofs[0]) == household.named("anna")
    assert household.trouble is None
    assert "was damaged" in caplog.text
    assert file.with_name("accounts.damaged.json").read_bytes() == b"{"
    assert opened().session(proofs[0]) is not None  # and the file is whole again


def test_one_of_a_newer_version_is_left_alone(
    household: Accounts, file: Path, opened: Open, proofs: tuple[str, str]
) -> None:
    newer = json.dumps({**json.loads(file.read_bytes()), "version": VERSION + 1, "more": [1]})
    file.write_text(newer)
    accounts = opened()
    assert accounts.trouble is not None
    assert "newer" in accounts.trouble.message
    assert nobody_gets_in(accounts, *proofs)
    accounts.save_times()
    with pytest.raises(AccountsUnusable):
        accounts.add("Mallory", "correct horse")
    assert file.read_text() == newer


def test_one_that_cannot_be_read_is_left_alone(file: Path, opened: Open) -> None:
    file.mkdir()  # also root cannot read it
    accounts = opened()
    assert accounts.trouble is not None
    assert nobody_gets_in(accounts, "cookie", "key")
    file.rmdir()
    assert accounts.first_token


def restored(there: Home, here: Home) -> Accounts:
    """The accounts of one home as a backup brings them into another, opened there."""
    for name, content in contents_of(there):
        put_back(here, name, content, over=True)
    return Accounts(here.accounts_file, passwords=Passwords(CHEAP))


def test_a_restored_backup_has_everybody_and_lets_the_owner_in_by_a_link(
    household: Accounts, file: Path, tmp_path: Path, proofs: tuple[str, str]
) -> None:
    there, here = Home.resolve(tmp_path / "there"), Home.resolve(tmp_path / "here")
    there.data.mkdir(parents=True)
    there.accounts_file.write_bytes(file.read_bytes())
    accounts = restored(there, here)
    assert [account.name for account in accounts.all()] == ["Anna", "Ben"]
    assert {account.id for account in accounts.all()} == {account.id for account in household.all()}
    assert accounts.session(proofs[0]) is None
    assert accounts.by_key(proofs[1], HOME) is None
    for name, password in (("Anna", "correct horse"), ("Ben", "battery staple")):
        with pytest.raises(LoginRefused):
            accounts.log_in(name, password, HOME)
    anna = accounts.create_first(accounts.first_token or "", "Anna", "another horse")
    assert anna.id == household.all()[0].id
    assert [account.name for account in accounts.all()] == ["Anna", "Ben"]
    assert accounts.first_token is None


def test_who_has_a_login_here_keeps_it_when_a_backup_is_restored(
    household: Accounts, file: Path, tmp_path: Path, clock: Clock, proofs: tuple[str, str]
) -> None:
    here = Home.resolve(tmp_path / "here")
    here.data.mkdir(parents=True)
    here.accounts_file.write_bytes(file.read_bytes())
    before = dict(contents_of(here))
    Accounts(here.accounts_file, passwords=Passwords(CHEAP)).add("Cleo", "correct horse")
    put_back(here, "accounts.json", before["accounts.json"], over=True)
    accounts = Accounts(here.accounts_file, clock=clock, passwords=Passwords(CHEAP))
    assert accounts.all() == household.all()  # as it was, without Cleo
    assert accounts.log_in("Anna", "correct horse", HOME) == accounts.session(proofs[0])
    assert accounts.by_key(proofs[1], HOME) is not None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"nonsense", b'{"accounts": 1}'])
def test_a_backup_of_nonsense_leaves_the_accounts_alone(tmp_path: Path, content: bytes) -> None:
    here = Home.resolve(tmp_path / "here")
    accounts = restored(here, here)
    accounts.create_first(accounts.first_token or "", "Anna", "correct horse")
    before = here.accounts_file.read_bytes()
    assert not put_back(here, "accounts.json", content, over=True)
    assert here.accounts_file.read_bytes() == before


def test_a_write_that_fails_changes_nothing(household: Accounts, file: Path) -> None:
    before = file.read_bytes()
    (file.parent / "locks").rename(file.parent / "elsewhere")
    (file.parent / "locks").write_text("")  # so that no lock can be had, whoever asks
    with pytest.raises(AccountsUnusable) as failed:
        household.add("Cleo", "correct horse")
    assert str(file) in failed.value.message
    assert household.named("Cleo") is None
    assert file.read_bytes() == before


def test_two_processes_change_it_and_lose_nothing(household: Accounts, file: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from musicplayer.server.accounts.accounts import Accounts\n"
        "from musicplayer.server.accounts.passwords import Passwords\n"
        "accounts = Accounts(Path(sys.argv[1]), passwords=Passwords(2))\n"
        "for number in range(10): accounts.add(f'{sys.argv[2]} {number}', 'correct horse')\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(file), name], cwd=REPOSITORY) for name in ("left", "right")
    ]
    assert [other.wait(60) for other in others] == [0, 0]
    assert len(household.all()) == 22  # which this process sees at once


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=50))
def test_whatever_is_in_the_file_nobody_gets_in(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "accounts.json"
    for path in tmp_path.glob("*.json"):
        path.unlink()
    file.write_bytes(content)
    kept = AccountsFile(file)
    assert kept.trouble is not None
    assert kept.kept().accounts == {}
    assert content in [path.read_bytes() for path in tmp_path.glob("*.json")]


@given(st.data())
def test_a_record_with_anything_in_one_place_is_sound_or_refused(data: st.DataObject) -> None:
    record: Any = {
        "version": 1,
        "accounts": [{"id": "owner", "name": "Anna", "admin": True, "unknown to this version": 1}],
        "secrets": {
            "server": "00" * 32,
            "passwords": {"owner": f"scrypt$1$8$1${'00' * 16}${'00' * 32}"},
            "devices": [{"id": "abcdefgh", "name": "phone", "made": 1.0, "used": 0, "listener": "owner"}],
            "sessions": {"00" * 32: ["owner", 2e9]},
        },
    }
    assert Kept.of_record(record).accounts["owner"].may_download  # type: ignore[index]
    *way, last = data.draw(st.sampled_from(list(places(record))))
    inner = record
    for step in way:
        inner = inner[step]
    inner[last] = data.draw(JSON)
    try:
        kept = Kept.of_record(record)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return
    whole = Kept.of_record(json.loads(json.dumps(kept.as_record())))  # what is taken can be written and read again
    assert whole == kept or "secrets" not in record


def places(record: Any) -> list[tuple[Any, ...]]:
    """The way to each value in a record."""
    steps = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    return [way for step, inner in steps for way in ((step,), *((step, *rest) for rest in places(inner)))]
