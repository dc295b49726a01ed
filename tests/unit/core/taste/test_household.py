"""Whose plays may teach others, by the file of the accounts as the server writes it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.taste.folder import save_taste
from indexer.core.taste.household import household_of
from indexer.core.taste.model import APART, ReasonCode
from indexer.core.taste.recommending import Folded, Known, Stock, TasteInUse, fold_in, stock_of
from indexer.core.tracks import TrackId
from musicplayer.server.accounts.accounts import Accounts
from tests.plays import play_of
from tests.unit.core.taste.made import made_model

ITEMS = 120
STRANGER = ListenerId("brought by an import")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.resolve(tmp_path)


@pytest.fixture
def accounts(home: Home) -> Accounts:
    accounts = Accounts(home.accounts_file)
    accounts.create_first(accounts.first_token or "", "Otto", "a long password")
    return accounts


@pytest.fixture
def stock() -> Stock:
    return stock_of(Catalogue(), np.zeros(0, np.int8), None)


def test_who_is_alone_teaches_whom_there_is(home: Home) -> None:
    assert household_of(home).shares(OWNER)
    accounts = Accounts(home.accounts_file)
    accounts.create_first(accounts.first_token or "", "Otto", "a long password")
    assert household_of(home).shares(OWNER)
    assert household_of(home).shares(STRANGER)


def test_the_others_are_taught_by_those_alone_whom_an_admin_lets(home: Home, accounts: Accounts) -> None:
    ann, ben = accounts.add("Ann", "another password").id, accounts.add("Ben", "third password").id
    assert not any(map(household_of(home).shares, (OWNER, ann, ben)))
    accounts.update(ann, household_taste=True)
    assert [household_of(home).shares(who) for who in (OWNER, ann, ben, STRANGER)] == [False, True, False, True]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"accounts": 7}', '{"accounts": [7]}', '{"accounts": [{}]}'])
def test_a_file_without_sense_lets_nobody(home: Home, content: str) -> None:
    home.accounts_file.parent.mkdir(parents=True)
    home.accounts_file.write_text(content)
    assert not household_of(home).shares(OWNER)
    assert not household_of(home).shares(STRANGER)


def test_what_the_owner_plays_tells_the_others_nothing_until_an_admin_lets_it(
    home: Home, accounts: Accounts, stock: Stock
) -> None:
    """The rows of the model are the owner's: what is heard together there is heard together by the owner."""
    model = made_model(items=ITEMS, listeners=1, content=False)
    save_taste(home, model)
    ann = accounts.add("Ann", "another password").id
    source = TasteInUse(home)

    def folded(who: ListenerId) -> Folded:
        now = time.time()
        plays = [play_of(TrackId(f"{6 * item:064x}"), now - 600 * (6 - item), listener=who) for item in range(5)]
        return fold_in(source, Folded(), Known(plays, {}, {}, stock, who))

    def reason(folded: Folded, item: int = 60) -> ReasonCode:
        assert folded.model is not None
        assert folded.taste is not None
        return folded.model.explain(folded.taste, item).code

    assert reason(folded(OWNER)) is ReasonCode.TOGETHER
    assert reason(folded(ann)) is ReasonCode.NONE
    before = source.stamp()
    accounts.update(OWNER, household_taste=True)
    assert source.stamp() != before
    assert reason(folded(ann)) is ReasonCode.TOGETHER


def test_a_model_that_tells_whose_rows_are_whose_keeps_those_of_the_others() -> None:
    model = made_model(items=ITEMS, listeners=3)
    told = replace(model, solve=replace(model.solve, parts=(("listeners", 2), (APART, 1))))
    assert told.for_others(owner_shares=False).solve.parts == (("listeners", 2),)
    assert model.for_others(owner_shares=False).solve.parts == ()
    assert model.for_others(owner_shares=True) is model
