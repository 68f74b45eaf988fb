"""Units and procedures that a file names and the stack does not know: told by the dry run where a stack is up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from motcua.cli.data.imports import unregistered
from motcua.cli.errors import CommandError
from motcua.cli.main import main
from motcua.importing.report.names import Names
from tests.unit.motcua.importing.report.test_watch import REGISTER, ROWS


class Stand:
    """A stack that knows some units and procedures, and tells of two a page."""

    def __init__(self, **known: list[str]) -> None:
        self.known = known
        self.asked: list[dict[str, Any]] = []

    def get(self, service: str, path: str, /, **parameters: Any) -> Any:
        assert (service, path) == ("intake", "/v1/reference")
        self.asked.append(parameters)
        kind = parameters["kind"]
        begin = int(parameters["after"] or 0)
        codes = self.known.get(kind, [])
        page = [{"data": {kind: code}} for code in codes[begin : begin + 2]]
        return {"entries": page, "next": str(begin + 2) if begin + 2 < len(codes) else None}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "r.csv").write_text(ROWS)
    (tmp_path / "m.yaml").write_text(REGISTER)
    return ["import", str(tmp_path / "r.csv"), "--mapping", str(tmp_path / "m.yaml"), "--dry-run"]


def dry_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: list[str], stand: Stand, language: str
) -> str:
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setattr(unregistered, "Services", lambda _session: stand)
    assert main(["--lang", language, *files]) == 0
    return capsys.readouterr().out


def test_a_dry_run_asks_the_stack_that_is_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: list[str]
) -> None:
    stand = Stand(unit=["X1", "X2", "X3", "Q4"], procedure=["P9"])
    out = dry_run(monkeypatch, capsys, files, stand, "en")
    assert "! Units not registered: 1, with the entries that name them: Q3 (4)." in out
    assert "! Procedures not registered: 2, with the entries that name them: P1 (3), P2 (1)." in out
    assert [(one["kind"], one["after"]) for one in stand.asked] == [
        ("unit", None), ("unit", "2"), ("procedure", None),
    ]  # fmt: skip
    assert "! 1 đơn vị chưa đăng ký (số bản ghi nhắc tới): Q3 (4)." in dry_run(monkeypatch, capsys, files, stand, "vi")


def test_what_is_registered_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: list[str]
) -> None:
    out = dry_run(monkeypatch, capsys, files, Stand(unit=["Q3", "Q4"], procedure=["P1", "P2"]), "en")
    assert "registered" not in out
    assert "! Dossiers that end before they are accepted: 2 (line 3, 5)." in out


def test_without_a_stack_nothing_is_asked_and_nothing_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: list[str]
) -> None:
    def away(_session: Any) -> Any:
        raise CommandError("tắt", "off")

    monkeypatch.setattr(unregistered, "Services", away)
    assert main(["--lang", "en", *files]) == 0
    out = capsys.readouterr()
    assert "registered" not in out.out + out.err


def test_the_commonest_come_first_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names()
    for number in range(1, 9):
        for _ in range(number):
            names.see("dossier.accepted", {"unit": f"U{number}"})
    found = unregistered.ask_unregistered(Stand(unit=["U8"]), names)  # type: ignore[arg-type]
    assert found is not None
    assert found.as_dict()["units"][0] == {"unit": "U7", "entries": 7}
    assert (len(found.codes["unit"]), found.codes["procedure"]) == (7, [])
