"""A registered network is found by name in later processes; another file is another version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.model.embedding.errors import NetworkChanged, NetworkMissing, RegistryDamaged
from indexer.core.model.embedding.registry import (
    Registration,
    file_sha256,
    know_all,
    profile_of,
    register,
    registered,
)
from indexer.core.model.profiles import PROFILES, SONIC, all_profiles, get_profile


@pytest.fixture(autouse=True)
def _own_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})


@pytest.fixture
def network(tmp_path: Path) -> Registration:
    model = tmp_path / "net.onnx"
    model.write_bytes(b"weights")
    return Registration("net", str(model), file_sha256(model), "{}", 3)


def test_the_profile_is_sonic_with_one_more_block(network: Registration) -> None:
    profile = profile_of(network)
    assert profile.name == "sonic+net"
    assert profile.blocks[:-1] == SONIC.blocks
    assert profile.columns[-3:] == ("embedding_net_0001", "embedding_net_0002", "embedding_net_0003")
    assert profile.compared_columns == (*SONIC.compared_columns, *range(SONIC.dims, SONIC.dims + 3))
    assert profile.windows == SONIC.windows


def test_another_file_or_manifest_is_another_version(network: Registration) -> None:
    versions = {
        profile_of(one).version
        for one in (network, replace(network, sha256="0" * 64), replace(network, manifest='{"rate": 1}'))
    }
    assert len(versions) == 3
    assert all(0 < version < 2**48 for version in versions)
    assert profile_of(replace(network, model="/moved/net.onnx")).key == profile_of(network).key


def test_later_processes_find_it_by_name(home: Home, network: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = register(home, network)
    assert get_profile("sonic+net") == profile
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})
    assert len(all_profiles()) == len(PROFILES)
    know_all(home)
    assert get_profile("sonic+net") == profile


def test_registering_again_replaces_only_the_one_of_that_name(home: Home, network: Registration) -> None:
    for one in (network, replace(network, name="other"), replace(network, dims=5)):
        register(home, one)
    assert {name: one.dims for name, one in registered(home).items()} == {"net": 5, "other": 3}


def test_no_list_means_no_networks(home: Home) -> None:
    assert registered(home) == {}


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', '[{"name": "net"}]', "[1]"])
def test_a_damaged_list(home: Home, text: str) -> None:
    home.data.mkdir(parents=True, exist_ok=True)
    home.embeddings_file.write_text(text)
    with pytest.raises(RegistryDamaged, match=r"embeddings\.json"):
        registered(home)


def test_a_file_that_vanished_or_changed(network: Registration) -> None:
    network.check()
    Path(network.model).write_bytes(b"other weights")
    with pytest.raises(NetworkChanged, match=r"net\.onnx has changed.*--embedding"):
        network.check()
    Path(network.model).unlink()
    with pytest.raises(NetworkMissing, match=r"net\.onnx of the profile sonic\+net.*--embedding"):
        network.check()
