"""What a stack of a home folder is made as: options, else variables; kept, and refused when it is said otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deploy.local.backends import jars
from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from deploy.local.kind import KindSettings, stack_of
from deploy.local.stack import LocalStack

MADE = Stack(clock="data", simulated=True, zone="America/Toronto", partitions=6, brokers=3)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KindSettings.model_fields:
        monkeypatch.delenv(f"MOTCUA_{name.upper()}", raising=False)


def test_a_new_stack_is_made_as_variables_say_and_options_go_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "none")
    assert stack_of(home, {"zone": None}) == Stack()
    wanted = {"ZONE": "Europe/London", "PARTITIONS": "7", "CLOCK": "data", "SIMULATED": "true", "BROKERS": "3"}
    for name, value in wanted.items():
        monkeypatch.setenv(f"MOTCUA_{name}", value)
    assert stack_of(home, {}) == Stack("data", simulated=True, zone="Europe/London", partitions=7, brokers=3)
    assert stack_of(home, {"zone": "Asia/Tokyo", "clock": "live"}).zone == "Asia/Tokyo"
    monkeypatch.setenv("MOTCUA_ZONE", "")
    assert stack_of(home, {}).zone == "Asia/Ho_Chi_Minh", "a variable without value says nothing"
    assert not home.path.exists()


@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("zone", "America/Toronto", "Europe/London"),
        ("partitions", 6, 8),
        ("clock", "data", "live"),
        ("simulated", True, False),
        ("brokers", 3, 1),
        ("generation", 1, 2),
        ("entry_cap", 1_000, 2_000),
        ("code_forms", "national,old", "national"),
    ],
)
def test_a_stack_stays_what_it_was_made_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, same: Any, other: Any
) -> None:
    home = Home(tmp_path)
    home.save(MADE)
    variable = f"MOTCUA_{name.upper()}"
    monkeypatch.setenv(variable, str(same))
    assert stack_of(home, {name: same}) == stack_of(home, {}) == MADE
    monkeypatch.delenv(variable)
    with pytest.raises(StackError, match="made with") as by_option:
        stack_of(home, {name: other})
    monkeypatch.setenv(variable, str(other))
    with pytest.raises(StackError, match="made with") as by_variable:
        stack_of(home, {})
    made = str(same).lower() if isinstance(same, bool) else str(same)
    for error, source in ((by_option, f"--{name} "), (by_variable, f"{variable}=")):
        for text in (error.value.text("en"), error.value.text("vi")):
            assert text.startswith(source)
            assert f" {made};" in text
            assert "--home" in text
    assert "unset the variable" in by_variable.value.text("en")
    assert "bỏ biến" in by_variable.value.text("vi")
    if name == "partitions":
        assert "motcua grow --partitions 8" in by_variable.value.text("vi")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("zone", "Europe/Londom", "Europe/Paris"),
        ("zone", "Europe", "Asia/Ho_Chi_Minh"),
        ("zone", "../etc/passwd", "IANA"),
        ("partitions", "0", "≥ 1"),
        ("partitions", "four", "four"),
        ("clock", "wall", "live"),
        ("simulated", "perhaps", "true"),
        ("brokers", "9", "≤ 5"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    def unexpected(_progress: object) -> None:
        raise AssertionError("the broker's jars were looked for")

    monkeypatch.setattr(jars, "prepare", unexpected)
    local = LocalStack(tmp_path / "new")
    with pytest.raises(StackError) as by_option:
        local.up(**{name: value})  # type: ignore[arg-type]
    monkeypatch.setenv(f"MOTCUA_{name.upper()}", value)
    with pytest.raises(StackError) as by_variable:
        local.up()
    for error, source in ((by_option, f"--{name}"), (by_variable, f"MOTCUA_{name.upper()}")):
        for language in ("vi", "en"):
            assert source in error.value.text(language)
            assert told in error.value.text(language)
    assert not local.home.path.exists()
