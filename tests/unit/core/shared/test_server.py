"""What is known of a server: its address made whole, its home, its file, and who is shown its key."""

from __future__ import annotations

import ipaddress
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.home import Home
from indexer.core.shared.server import (
    SHARED_HOME,
    Server,
    ServerError,
    address_of,
    addresses_of,
    is_address,
    library_home,
    read_server,
    server_of,
    shared_homes,
    write_server,
)

KITCHEN = "http://kitchen:4849"
LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAME = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
PORT = st.integers(1, 65_535)
FOLDER = st.lists(st.from_regex(r"[a-z0-9_-]{1,8}", fullmatch=True), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts if part not in {"login", "first"})
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.resolve(tmp_path / "home")


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("kitchen", KITCHEN),
        ("  Kitchen ", KITCHEN),
        ("kitchen:4849", KITCHEN),
        ("kitchen:5000", "http://kitchen:5000"),
        ("kitchen/music/", "http://kitchen:4849/music"),
        ("192.168.1.20", "http://192.168.1.20:4849"),
        ("http://kitchen:4849/login", KITCHEN),
        ("http://kitchen:4849/?a=b#albums", KITCHEN),
        ("HTTP://kitchen:4849/", KITCHEN),
        ("https://home.example/music/", "https://home.example/music"),
        ("https://home.example:443/music", "https://home.example/music"),
        ("https://kitchen:4849", "https://kitchen:4849"),
        ("http://kitchen", "http://kitchen"),
        ("küche", "http://xn--kche-0ra:4849"),
        ("kitchen.local.", "http://kitchen.local:4849"),
        ("my_nas", "http://my_nas:4849"),
        ("2001:db8:0::1", "http://[2001:db8::1]:4849"),
        ("[2001:db8::1]:5000", "http://[2001:db8::1]:5000"),
        ("https://[2001:db8::1]/music", "https://[2001:db8::1]/music"),
    ],
)
def test_what_a_person_types_is_made_whole(typed: str, whole: str) -> None:
    assert address_of(typed) == whole


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "http://", "://kitchen", "ftp://kitchen", "file:///music", "kitchen living", "kitchen:door"),
        *("kitchen:0", "kitchen:65536", "ann:secret@kitchen", "kitchen/a/../b", "kitchen\n/x", "-kitchen", "a..b"),
        *("192.168.1", "192.168.1.256", "[2001:db8::1", "[kitchen]", "kitchen/ö", "\ud800", "a" * 300),
    ],
)
def test_nonsense_is_said_to_be_no_address(typed: str) -> None:
    with pytest.raises(ServerError) as refused:
        address_of(typed)
    assert refused.value.code == "shared-address"


@given(NAME, PORT, FOLDER, st.sampled_from(["http", "https"]))
def test_a_whole_address_stays_as_it_is(name: str, port: int, folder: str, scheme: str) -> None:
    whole = address_of(f"{scheme}://{name}:{port}{folder}")
    assert address_of(whole) == whole
    assert address_of(whole + "/") == whole


@given(NAME, PORT)
def test_a_name_and_a_port_are_enough(name: str, port: int) -> None:
    assert address_of(f"{name}:{port}") == address_of(f"http://{name}:{port}")


@given(st.ip_addresses(v=6))
def test_an_address_of_ipv6_is_taken_with_brackets_and_without(number: ipaddress.IPv6Address) -> None:
    assert address_of(str(number)) == address_of(f"[{number}]") == address_of(f"http://[{number.exploded}]:4849")


@given(st.text(max_size=40))
def test_anything_is_an_address_or_refused(typed: str) -> None:
    try:
        whole = address_of(typed)
    except ServerError:
        return
    assert whole.startswith(("http://", "https://"))
    assert address_of(whole) == whole


def test_what_is_kept_of_a_server_is_read_again(home: Home) -> None:
    server = Server(KITCHEN, "k" * 24, "ada", "-----BEGIN CERTIFICATE-----\n")
    assert read_server(home) is None
    write_server(home, server)
    assert read_server(home) == server
    assert "k" * 24 not in repr(server)
    if os.name != "nt":
        assert stat.S_IMODE(home.server_file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"{}", b'{"address": "http://kitchen:4849"}', b'{"key": "k"}', b"\xff\xfe"),
        *(b'{"address": "kitchen", "key": "k"}', b'{"address": "http://kitchen:4849", "key": "a\\r\\nb"}'),
        *(b'{"address": 1, "key": "k"}', b'{"address": "http://kitchen:4849", "key": ["k"]}'),
    ],
)
def test_a_damaged_file_is_said_to_be_so(home: Home, content: bytes) -> None:
    home.server_file.parent.mkdir(parents=True)
    home.server_file.write_bytes(content)
    with pytest.raises(ServerError) as damaged:
        read_server(home)
    assert damaged.value.code == "shared-file"
    assert str(home.server_file) in damaged.value.message


def test_each_address_has_one_home_of_its_own(home: Home) -> None:
    addresses = [KITCHEN, "http://kitchen", "https://kitchen:4849", "http://kitchen:4849/a", "http://kitchen:4849/A"]
    homes = [library_home(home, address) for address in addresses]
    assert len({each.data for each in homes}) == len(addresses)
    assert homes[0] == library_home(home, KITCHEN)
    assert all(each.data.is_relative_to(home.libraries) for each in homes)
    assert len({each.root.name.lower() for each in homes if each.root}) == len(addresses)


def test_the_shared_libraries_are_those_with_a_server(home: Home) -> None:
    assert shared_homes(home) == []
    for name in ("kitchen", "attic"):
        write_server(library_home(home, address_of(name)), Server(address_of(name), "key"))
    (home.libraries / "empty").mkdir()
    (home.libraries / "file").touch()
    found = [read_server(each) for each in shared_homes(home)]
    assert [server.address for server in found if server] == ["http://attic:4849", KITCHEN]


def test_the_key_is_shown_to_its_server_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    kitchen = Server(KITCHEN, "secret")
    write_server(home, kitchen)
    assert server_of(f"{KITCHEN}/stream/1") is None, "nobody said that this process plays a shared library"
    monkeypatch.setenv(SHARED_HOME, str(home.root))
    assert server_of(f"{KITCHEN}/stream/1") == kitchen
    for other in (
        "/music/a.mp3",
        "http://kitchen:48490/stream/1",
        "http://kitchen:4849@elsewhere/stream/1",
        "https://kitchen:4849/stream/1",
        "http://kitchen/",
        "",
    ):
        assert server_of(other) is None


def test_addresses_are_told_from_files() -> None:
    assert is_address(f"{KITCHEN}/stream/1")
    assert is_address("https://kitchen")
    assert not any(map(is_address, ("/http://kitchen/a.mp3", "http:/a.mp3", "C:\\music\\a.mp3", "file:///a.mp3", "")))


def test_a_name_alone_may_mean_an_address_with_and_one_without_encryption() -> None:
    assert addresses_of("kitchen") == ["http://kitchen:4849", "https://kitchen:4849"]
    assert addresses_of("https://kitchen/music/") == ["https://kitchen/music"]
    with pytest.raises(ServerError):
        addresses_of("no machine!")
