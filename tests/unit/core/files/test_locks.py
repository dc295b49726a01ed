from __future__ import annotations

import pytest

from indexer.core.files.locks import holding
from indexer.core.home import Home


def test_one_at_a_time_holds_a_lock_and_the_others_are_told(home: Home) -> None:
    with holding(home, "work") as first, holding(home, "work") as second, holding(home, "other") as another:
        assert (first, second, another) == (True, False, True)
    with holding(home, "work") as again:
        assert again


def test_a_lock_is_given_back_by_work_that_fails(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), holding(home, "work"):
        raise ZeroDivisionError
    with holding(home, "work") as again:
        assert again


def test_a_lock_has_its_name_in_the_folder_of_locks(home: Home) -> None:
    with holding(home, "indexer"):
        assert (home.locks / "indexer.lock").exists()
