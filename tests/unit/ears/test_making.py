"""An ear is added whole and hears right, or nothing is left of it; one that is taken away leaves no trace."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.model.embedding.ears import MUSICNN, added, ear_file
from indexer.core.model.embedding.errors import EarError, EmbeddingError, RegistryDamaged
from indexer.core.model.embedding.registry import Registration, register, registered
from indexer.core.model.profiles import get_profile
from indexer.ears.making import RECIPES, Recipe, add_ear, known_sound
from indexer.features.embedding.network import EmbeddingListener, loaded
from tests.unit.ears import packages, reference

WEIGHTS = packages.weights()
PACKAGE = packages.package(WEIGHTS)


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded.cache_clear()
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """With the known values of the small weights."""
    pytest.importorskip("onnxruntime", reason='not installed: pip install "segue-player[embedding]"')
    known = reference.embedding(WEIGHTS, known_sound(48_000))[::2].astype(np.float32)
    return replace(RECIPES["musicnn"], known=known)


def add(home: Home, recipe: Recipe, package: bytes = PACKAGE) -> None:
    add_ear(home, MUSICNN, lambda: package, recipe=recipe)


def left(home: Home) -> list[str]:
    return sorted(path.name for path in home.ears.rglob("*")) if home.ears.exists() else []


def test_it_is_registered_like_one_of_the_users_own(home: Home, recipe: Recipe) -> None:
    assert added(home, MUSICNN) is None
    add(home, recipe)
    network = added(home, MUSICNN)
    assert network == registered(home)["musicnn"]
    assert network.dims == 3 * packages.DENSE
    assert get_profile("sonic+musicnn").dims > network.dims
    assert left(home) == ["musicnn.onnx"]
    listener = EmbeddingListener(network)
    listener.add(known_sound(48_000))
    np.testing.assert_allclose(listener.finish()[0][0, ::2], recipe.known, atol=1e-3)


def test_adding_it_again_makes_the_same_profile(home: Home, recipe: Recipe) -> None:
    add(home, recipe)
    before = get_profile("sonic+musicnn").key
    ear_file(home, MUSICNN).unlink()
    add(home, recipe)
    assert get_profile("sonic+musicnn").key == before
    network = added(home, MUSICNN)
    assert network is not None
    network.check()


def test_one_that_hears_otherwise_is_refused(home: Home, recipe: Recipe) -> None:
    with pytest.raises(EarError, match="does not hear a known sound as it should"):
        add(home, replace(recipe, known=recipe.known + np.float32(0.01)))
    with pytest.raises(EarError, match="does not hear a known sound as it should"):
        add(home, recipe, packages.package(packages.weights(1)))
    assert left(home) == []
    assert registered(home) == {}


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (b"no package at all", "No network can be made of musicnn-0.1.0-py3-none-any.whl: File is not a zip file"),
        (packages.package(WEIGHTS, without=".index"), "There is no item named"),
        (packages.package({"conv2d/bias": np.zeros(3, dtype=np.float32)}), "not those of the network"),
        (PACKAGE[: len(PACKAGE) // 2], "not a zip file"),
    ],
)
def test_packages_that_are_none(home: Home, recipe: Recipe, package: bytes, reason: str) -> None:
    with pytest.raises(EarError, match=reason):
        add(home, recipe, package)
    assert left(home) == []
    assert registered(home) == {}


def test_a_network_of_the_users_own_keeps_its_name(home: Home, recipe: Recipe, tmp_path: Path) -> None:
    own = Registration("musicnn", str(tmp_path / "own.onnx"), "0" * 64, "{}", 3)
    register(home, own)
    with pytest.raises(EarError, match=r"network of your own is registered as musicnn: .*own\.onnx"):
        add(home, recipe)
    assert registered(home) == {"musicnn": own}
    assert left(home) == []


def never() -> bytes:
    raise AssertionError("nothing may be fetched")


def test_nothing_is_fetched_for_what_cannot_be_added(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(__import__("sys").modules, "onnxruntime", None)
        with pytest.raises(EmbeddingError, match=r"segue-player\[embedding\]"):
            add_ear(home, MUSICNN, never)
    pytest.importorskip("onnxruntime")
    home.data.mkdir(parents=True, exist_ok=True)
    home.embeddings_file.write_text("{")
    with pytest.raises(RegistryDamaged):
        add_ear(home, MUSICNN, never)


def test_a_list_that_cannot_be_written_leaves_no_file(
    home: Home, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("indexer.core.model.embedding.registry.write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        add(home, recipe)
    assert left(home) == []
