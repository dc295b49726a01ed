"""A real server process that strangers try at: forms, keys, tokens and cookies that are guessed, replayed, forged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from indexer.core.home import Home
from indexer.core.store import Database
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.limits import FREE
from tests.served import served

pytestmark = pytest.mark.database

ANNA, BEN = ("Anna", "correct horse"), ("Ben", "battery staple")


@dataclass(frozen=True)
class House:
    """A server with two listeners.

    Attributes:
        address: with a slash at the end.
        home: with its files.
        accounts: as another process sees them.
        key: of a device of Anna's.
        of_ben: the same of Ben's.
    """

    address: str
    home: Home
    accounts: Accounts
    key: str
    of_ben: str

    def log_in(self, name: str, password: str, **headers: str) -> httpx.Response:
        form = {"name": name, "password": password}
        return httpx.post(f"{self.address}login", data=form, headers=headers, timeout=60)

    def subsonic(self, **parameters: str) -> str:
        """What a ping answers: "ok", or the code of the error."""
        said = httpx.get(f"{self.address}rest/ping", params={**parameters, "f": "json", "v": "1.16.1", "c": "test"})
        answer = said.json()["subsonic-response"]
        return str(answer["error"]["code"]) if "error" in answer else str(answer["status"])

    def is_let_in(self, **headers: str) -> bool:
        answer = httpx.get(f"{self.address}api/state", headers=headers, timeout=60)
        assert answer.status_code in {200, 401, 429}
        return answer.status_code == 200


@pytest.fixture
def house(home: Home, database: Database) -> Iterator[House]:
    accounts = Accounts(home.accounts_file)
    anna = accounts.create_first(accounts.first_token or "", *ANNA)
    ben = accounts.add(*BEN)
    keys = [accounts.new_device(each.id, "phone")[1] for each in (anna, ben)]
    with served(home, uri=database.uri) as server:
        yield House(server.address, home, accounts, *keys)


def token_of(key: str, salt: str = "c19b2d") -> dict[str, str]:
    return {"t": hashlib.md5((key + salt).encode()).hexdigest(), "s": salt}


def cookie_of(answer: httpx.Response) -> str:
    return answer.cookies["segue_session"]


def test_the_right_password_begins_a_session_and_a_wrong_one_tells_nobody_who_there_is(house: House) -> None:
    answer = house.log_in(*ANNA)
    assert answer.status_code == 303
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    cookie = cookie_of(answer)
    assert house.is_let_in(Cookie=f"segue_session={cookie}")
    assert not house.is_let_in(Cookie=f"segue_session={cookie[:-1]}")
    assert not house.is_let_in(Cookie="segue_session=")
    httpx.post(f"{house.address}logout", cookies={"segue_session": cookie})
    assert not house.is_let_in(Cookie=f"segue_session={cookie}")

    answers = [house.log_in(name, "wrong") for name in ("Anna", "Mary")]
    answers.append(house.log_in("Anna", ""))
    assert [answer.status_code for answer in answers] == [401] * 3
    assert not [answer for answer in answers if "set-cookie" in answer.headers]
    said = {answer.text.replace("Anna", "").replace("Mary", "") for answer in answers}
    assert len(said) == 1


def test_who_guesses_is_not_looked_at_whatever_address_the_request_claims(house: House) -> None:
    before = cookie_of(house.log_in(*BEN))
    for number in range(FREE):
        house.log_in("Anna", f"guess {number}", **{"X-Forwarded-For": f"198.51.100.{number}"})
    refused = house.log_in(*ANNA, **{"X-Forwarded-For": "198.51.100.77", "Forwarded": "for=198.51.100.78"})
    assert refused.status_code == 429
    assert "set-cookie" not in refused.headers
    assert house.is_let_in(Cookie=f"segue_session={before}")  # who is in stays in
    assert house.is_let_in(Authorization=f"Bearer {house.key}")  # and so do the apps of the same house
    assert house.subsonic(u="anna", **token_of(house.key)) == "ok"


def test_a_key_is_good_for_one_listener_and_until_the_device_is_revoked(house: House) -> None:
    assert house.subsonic(u="Anna", p=house.key) == "ok"
    assert house.subsonic(u="Anna", p=f"enc:{house.key.encode().hex()}") == "ok"
    for password in ("", "enc:", ANNA[1], f"enc:{ANNA[1].encode().hex()}", "enc:zz"):
        assert house.subsonic(u="Anna", p=password) != "ok"
    replayed = token_of(house.key)
    assert house.subsonic(u="Anna", **replayed) == "ok"
    assert house.subsonic(u="Ben", **replayed) != "ok"
    assert house.subsonic(u="Anna", **token_of(house.of_ben)) != "ok"
    assert house.subsonic(u="Anna", **token_of(ANNA[1])) != "ok"
    device = house.accounts.devices(house.accounts.all()[0].id)[0]
    house.accounts.revoke(device.listener, device.id)  # from another process
    assert house.subsonic(u="Anna", **replayed) != "ok"
    assert not house.is_let_in(Authorization=f"Bearer {house.key}")
    assert house.subsonic(u="Ben", **token_of(house.of_ben)) == "ok"


def test_logs_and_pages_have_nothing_to_log_in_with(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    cookie = cookie_of(house.log_in(*ANNA))
    shown = house.log_in("Anna", "a wrong password").text
    proofs = token_of(house.key)
    for parameters in ({"u": "Anna", **proofs}, {"u": "Anna", "p": house.key}, {"apiKey": house.key}):
        assert house.subsonic(**parameters) == "ok"
    house.is_let_in(Authorization=f"Bearer {house.key}", Cookie=f"segue_session={cookie}")
    said = "".join(path.read_text("utf-8") for path in house.home.logs.glob("*.log")) + "".join(capfd.readouterr())
    for secret in (ANNA[1], "a wrong password", house.key, cookie, proofs["t"]):
        assert secret not in said
        assert secret not in shown


def test_the_first_account_is_made_by_the_link_alone(home: Home, database: Database) -> None:
    with served(home, uri=database.uri) as server:
        first, _, token = server.link.partition("?token=")

        def follow(token: str) -> httpx.Response:
            form = {"token": token, "name": "Mallory", "password": "correct horse"}
            return httpx.post(first, data=form, timeout=60)

        for guess in ("", "guess", token[:-1], token.swapcase()):
            assert follow(guess).status_code == 400
        assert "set-cookie" in follow(token).headers
        assert "set-cookie" not in follow(token).headers
    assert len(Accounts(home.accounts_file).all()) == 1
    assert token not in "".join(path.read_text("utf-8") for path in home.logs.glob("*.log"))


def test_a_damaged_file_lets_nobody_in_and_says_so_at_the_machine_alone(home: Home, database: Database) -> None:
    accounts = Accounts(home.accounts_file)
    anna = accounts.create_first(accounts.first_token or "", *ANNA)
    key, cookie = accounts.new_device(anna.id, "phone")[1], accounts.new_session(anna.id)
    home.accounts_file.write_bytes(home.accounts_file.read_bytes()[:-2])
    with served(home, uri=database.uri) as server:
        assert server.link == ""
        assert [notice.code for notice in server.notices] == ["accounts-damaged"]
        house = House(server.address, home, accounts, key, "")
        refused = house.log_in(*ANNA)
        assert refused.status_code == 401
        assert str(home.data) not in refused.text
        assert not house.is_let_in(Authorization=f"Bearer {key}")
        assert not house.is_let_in(Cookie=f"segue_session={cookie}")
        assert house.subsonic(u="Anna", **token_of(key)) == "40"
