"""The profile of a server's features, also one with a network that this machine does not have."""

from __future__ import annotations

import pytest

from indexer.core.model.profiles import ADDED, SONIC, get_profile
from indexer.core.shared.profile import know_profile
from indexer.core.shared.server import ServerError

ADDRESS = "http://kitchen:4849"


def test_a_profile_of_every_segue_is_known() -> None:
    assert know_profile(ADDRESS, SONIC.key) == "sonic"


def test_one_with_a_network_of_that_machine_is_known_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ADDED, "sonic+far", raising=False)
    key = "sonic+far:123456789012"
    assert know_profile(ADDRESS, key) == "sonic+far"
    profile = get_profile("sonic+far")
    assert profile.key == key
    assert profile.slice_of("about") == SONIC.slice_of("about")


LEADS_ELSEWHERE = ["sonic+/../../x:1", "sonic+..\\x:1", "/etc+x:1", "sonic+a/b:1", f"sonic+{'a' * 300}:1", "sonic+:1"]
NO_VERSION = [f"sonic+far:{'9' * 5_000}", "sonic+far:\u0661", "sonic+far:-1", "sonic+far:new"]


@pytest.mark.parametrize("key", [f"sonic:{SONIC.version + 1}", "smell:1", "sonic", "", *LEADS_ELSEWHERE, *NO_VERSION])
def test_one_of_another_segue_is_refused(key: str) -> None:
    with pytest.raises(ServerError, match="hears music otherwise"):
        know_profile(ADDRESS, key)
