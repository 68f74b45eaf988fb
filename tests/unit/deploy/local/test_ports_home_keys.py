"""Ports, home folder and keys of a local stack."""

from __future__ import annotations

import hashlib
import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import keys, ports
from deploy.local.backends import prerequisites
from deploy.local.errors import MissingToolError, StackError
from deploy.local.home import Home, Stack
from deploy.local.stack import LocalStack
from services.intake.senders.sender import KEYS_FILE, bearer_of
from shared.access.keys import hash_key


@pytest.fixture
def busy() -> int:
    return ports.choose(24_500)


def listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ports.HOST, port))
    listener.listen()
    return listener


def test_a_busy_port_is_passed_over(busy: int) -> None:
    with listen(busy):
        assert not ports.is_free(busy)
        assert ports.answers(busy)
        assert ports.choose(busy) > busy
    assert ports.is_free(busy)
    assert not ports.answers(busy)


def test_ports_are_distinct_even_when_all_prefer_the_same(busy: int) -> None:
    given = ports.assign({"a": busy, "b": busy, "c": busy}, {})
    assert len(set(given.values())) == 3


def test_one_busy_port_does_not_shift_the_others(busy: int) -> None:
    with listen(busy):
        given = ports.assign({"a": busy, "b": busy + 1}, {})
    assert given["b"] == busy + 1
    assert given["a"] > busy + 1


def test_a_stack_keeps_its_ports_while_they_are_free(busy: int) -> None:
    remembered = {"a": busy + 7, "gone": busy}
    assert ports.assign({"a": busy}, remembered) == {"a": busy + 7}
    with listen(busy + 7):
        given = ports.assign({"a": busy}, remembered)["a"]
    assert given not in (busy, busy + 7), "neither another process's port nor the busy one"


def test_no_free_port_says_what_to_do() -> None:
    with pytest.raises(StackError, match="port 65535"):
        ports.choose(65_535, taken={65_535})


def test_the_description_survives(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    assert home.load() == Stack()
    stack = Stack(clock="data", simulated=True, ports={"kafka": 1}, replicas={"metrics": 2})
    home.save(stack)
    assert home.load() == stack
    assert [item.name for item in home.path.iterdir() if item.name.startswith(".")] == []


def test_a_home_of_before_keeps_the_cap_its_facts_were_derived_by(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.load().entry_cap == 1_000
    home.file.write_text('{"clock": "live"}', encoding="utf-8")
    assert home.load().entry_cap == 2_000
    home.save(home.load())
    assert home.load().entry_cap == 2_000


@pytest.mark.parametrize("content", ["", "{", "[]", '{"colour": "red"}'])
def test_a_damaged_description_is_an_error_with_a_remedy(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path)
    home.file.write_text(content)
    with pytest.raises(StackError, match="--home"):
        home.load()


def test_a_long_path_moves_the_socket_to_a_short_private_folder(tmp_path: Path) -> None:
    assert Home(tmp_path / "h").socket_path() == tmp_path / "h" / "run" / "supervisor.sock"
    path = Home(tmp_path / ("long" * 40)).socket_path()
    try:
        assert len(str(path)) <= 100
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        path.parent.rmdir()


def test_the_last_lines_of_a_log(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    assert home.log_tail("kafka") == ""
    home.log("kafka").write_text("".join(f"line {number}\n" for number in range(5_000)))
    assert home.log_tail("kafka", 2) == "line 4998\nline 4999"


def test_a_key_is_made_once_and_only_its_hash_is_for_intake(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    key = keys.create(home, keys.ADMIN)
    assert key.startswith("mc_")
    assert len(key) == 46
    assert keys.create(home, keys.ADMIN) == key == keys.read(home)
    assert stat.S_IMODE((home.keys / "admin.key").stat().st_mode) == 0o600
    keys.create(home, "portal", sources=["portal"], units=["H44"], roles=["sender"])
    records = json.loads(keys.bootstrap_file(home).read_text())
    assert [record["sender"] for record in records] == ["admin", "portal"]
    assert records[0]["hash"] == "sha256:" + hashlib.sha256(key.encode()).hexdigest()
    assert key not in keys.bootstrap_file(home).read_text()


def test_a_home_of_before_gets_its_services_keys_and_keeps_its_own(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    key = keys.create(home, keys.ADMIN)
    before = json.loads(keys.bootstrap_file(home).read_text())
    for _ in range(2):
        keys.create_own(home)
        records = json.loads(keys.bootstrap_file(home).read_text())
        assert records[:1] == before
        assert keys.read(home) == key
        assert [record["sender"] for record in records[1:]] == ["service-processing", "service-metrics"]
    for record, kind in zip(KEYS_FILE.validate_python(records)[1:], keys.ASKING, strict=True):
        own = keys.key_file(home, keys.of_service(kind))
        assert record.hash == hash_key(own.read_text().strip())
        assert stat.S_IMODE(own.stat().st_mode) == 0o600
        # A service may read no case, and change nothing.
        assert bearer_of(record).rights == {"read"}
        assert not bearer_of(record).reads("H44")


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="motcua up"):
        keys.read(Home(tmp_path))


def test_missing_tools_name_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="openjdk-17-jdk") as java:
        prerequisites.require_java()
    assert "\n" not in java.value.message
    assert java.value.message.startswith("Thiếu Java")
    with pytest.raises(MissingToolError, match="install the package maven"):
        prerequisites.require_maven()


def test_an_old_java_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert prerequisites.java_version(str(java)) == 8
    with pytest.raises(MissingToolError, match="≥ 17"):
        prerequisites.require_java()


def test_a_stack_that_does_not_run_says_so(tmp_path: Path) -> None:
    stack = LocalStack(tmp_path)
    stack.home.create()
    assert stack.status().phase == "stopped"
    assert stack.down() == []
    with pytest.raises(StackError, match="motcua up"):
        stack.request("replicas", name="metrics", count=2)
    with pytest.raises(StackError, match="does not run"):
        stack.kill("kafka")


def test_claimed_port_is_not_chosen_by_another_stack() -> None:
    port = ports.choose(21_000)
    code = f"from deploy.local import ports; ports.claim([{port}]); print('held', flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert ports.choose(port) != port
    finally:
        other.communicate("\n", timeout=20)
    assert ports.choose(port) == port
    ports.claim([port])
    assert ports.is_free(port)
