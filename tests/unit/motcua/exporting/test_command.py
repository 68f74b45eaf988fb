"""Wrong usage of the command is told in one line, in both languages, before any stack is asked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pytest

from motcua.cli.data.export import _Wanted
from motcua.cli.errors import CommandError
from motcua.cli.main import main
from motcua.exporting.selection import Selection


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no stack elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MOTCUA_INTAKE", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("journal", "x.doc"), 2, (".parquet", "--format")),
        (("journal", "x.parquet.gz"), 2, ("no form", "dạng")),
        (("journal", "x.xes", "--raw"), 2, ("--raw", "bảng")),
        (("journal", "x.csv", "--mapping", "m.yaml"), 2, ("XES", "XES")),
        (("journal", "x.xes", "--mapping", "-"), 2, ("--mapping", "--mapping")),
        (("journal", "-", "--format", "parquet"), 2, ("Standard output", "màn hình")),
        (("journal", "-", "--format", "csv", "--json"), 2, ("--json", "--json")),
        (("facts", "x.xes"), 2, ("motcua export journal x.xes", "motcua export journal x.xes")),
        (("facts", "x.csv", "--from", "1.8.2026"), 2, ("YYYY-MM-DD", "YYYY-MM-DD")),
        (("facts", "x.csv", "--from", "2026-08-02", "--to", "2026-08-01"), 2, ("exchange", "đổi chỗ")),
        (("steps", "missing/x.csv"), 1, ("folder", "thư mục")),
        (("steps", "x.csv"), 1, ("motcua up", "motcua up")),
    ],
)
def test_wrong_usage(
    capsys: pytest.CaptureFixture[str],
    empty: Path,
    words: tuple[str, ...],
    code: int,
    told: tuple[str, str],
) -> None:
    for language, words_told in zip(("en", "vi"), told, strict=True):
        assert main(["--home", str(empty / "none"), "--lang", language, "export", *words]) == code
        assert words_told in capsys.readouterr().err
    assert not [*empty.iterdir()]


def test_dossiers_and_units_are_chosen_however_their_codes_are_typed() -> None:
    known = [
        {"unit": "Sở Y tế", "parent": None},
        {"unit": "Trạm 1", "parent": "Sở Y tế"},
        {"unit": "U  V", "parent": None},
    ]
    services: Any = SimpleNamespace(get=lambda _service, _path: {"units": known})

    def chosen(unit: str, *codes: str) -> Selection:
        return _Wanted(unit, None, None, list(codes)).selection(services, ZoneInfo("Asia/Ho_Chi_Minh"))

    typed = chosen(normalize("NFD", "Sở\u00a0Y tế"), normalize("NFD", "Hồ  sơ"))
    assert sorted(typed.units or ()) == ["Sở Y tế", "Trạm 1"]
    assert typed.may_have("Hồ sơ")
    assert sorted(chosen("U  V").units or ()) == ["U  V"]
    with pytest.raises(CommandError, match="there is no unit"):
        chosen("U V")
