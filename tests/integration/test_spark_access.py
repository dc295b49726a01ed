"""Another user of the machine gets nothing from the ports that Spark opens on it."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pyspark.sql import SparkSession

from indexer.core.home import Home
from indexer.spark.session import spark_session
from tests.integration.conftest import TWO_CORES
from tests.spark_cluster import executors_start_fast

pytestmark = pytest.mark.spark

_NOBODY = 65_534
_RPC_RESPONSE = 4
"""Type of a message by which a server of Spark answers what it was asked; a failure has another."""


@pytest.fixture(scope="module", params=[TWO_CORES, "local-cluster[1,1,1024]"])
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    home = Home.resolve(tmp_path_factory.mktemp("spark"))
    with executors_start_fast(tmp_path_factory.mktemp("configuration")), spark_session(home, request.param) as made:
        assert made.range(10).count() == 10
        yield made


def test_ports_are_of_this_machine_alone_and_give_another_user_nothing(session: SparkSession) -> None:
    ports = [(address.ip, address.port) for address in _listening(session)]
    assert len(ports) >= 3, "the gateway, the driver and its block manager"
    assert session.sparkContext.uiWebUrl is None
    assert {ip.removeprefix("::ffff:") for ip, _ in ports} == {"127.0.0.1"}
    for port, answers in _asked_by_another_user([port for _, port in ports]).items():
        gateway, blocks = (bytes.fromhex(answer) for answer in answers)
        assert not gateway.startswith(b"!y"), f"the gateway on port {port} did what a stranger said"
        assert blocks[8:9] != bytes([_RPC_RESPONSE]), f"port {port} handed a block to a stranger"


def test_the_secret_can_be_read_nowhere(session: SparkSession) -> None:
    secret = session.sparkContext.getConf().get("spark.authenticate.secret")
    assert secret is not None
    java = [process for process in psutil.process_iter(["name", "cmdline"]) if "java" in (process.info["name"] or "")]
    assert java
    for process in java:
        assert secret not in " ".join(process.info["cmdline"] or [])
    local = session.sparkContext.getConf().get("spark.local.dir")
    assert local is not None
    files = [file for file in Path(local).parent.rglob("*") if file.is_file()]
    assert not any(secret.encode() in file.read_bytes() for file in files)


def _listening(session: SparkSession) -> list[psutil._common.addr]:
    """Addresses that Java processes of ours listen at."""
    me = psutil.Process()
    found = []
    for process in me.children(recursive=True):
        if "java" in process.name():
            found += [one.laddr for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    return found


def _asked_by_another_user(ports: list[int]) -> dict[int, list[str]]:
    """What each port answers, in hexadecimal, to a call of the gateway's and to a request for a block."""
    strings = [b"app", b"driver"]
    asked = b"".join(struct.pack(">i", len(text)) + text for text in strings)
    block = b"broadcast_0_piece0"
    body = b"\0" + asked + struct.pack(">i", 1) + struct.pack(">i", len(block)) + block
    head = struct.pack(">bqi", 3, 1, len(body))
    frame = struct.pack(">q", 8 + len(head) + len(body)) + head + body
    call = b"c\nz:java.lang.System\ncurrentTimeMillis\ne\n"
    code = f"""
import encodings.idna, json, os, socket  # now: Python may lie where another user cannot read it
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({_NOBODY}); os.setuid({_NOBODY})
def ask(port, request):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            line.settimeout(5)
            line.sendall(request)
            return line.recv(4096).hex()
    except OSError:
        return ""
ports = {ports!r}
print(json.dumps({{port: [ask(port, {call!r}), ask(port, {frame!r})] for port in ports}}))
"""
    told = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return {int(port): answers for port, answers in json.loads(told.stdout).items()}
