"""What commands list with the key of one unit, and that they say it is not everything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motcua.cli.main import main
from shared.access.bearer import Bearer
from tests.unit.metrics.build import at, fact, step
from tests.unit.metrics.sight.test_seen import OFFICER, view_of
from tests.unit.motcua.cli.answering import answer_from

DUE = at("2026-08-10 17:00")
OFFICE = Bearer("office", units=("H44.01",), roles=OFFICER)
LISTS = (
    ("dossiers", "--state", "overdue"),
    ("dossiers", "--figure", "received", "--period", "2026-08"),
    ("due-list",),
    ("steps", "--list", "over_now", "--period", "2026-08"),
)


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
@pytest.mark.parametrize("bearer", [OFFICE, None])
def test_a_list_says_which_cases_the_key_sees(
    words: tuple[str, ...],
    bearer: Bearer | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    view = view_of(
        [
            fact(code, unit=unit, due=DUE, holders=unit, steps=(step("Ký", unit, due=DUE, budget=480),))
            for code, unit in (("ours", "H44.01.05"), ("theirs", "H44.02"))
        ]
    )
    answer_from(monkeypatch, view, simulated=False, bearer=bearer)
    told = {}
    for language in ("vi", "en"):
        assert main(["--home", str(tmp_path), "--lang", language, *words]) == 0
        out, told[language] = capsys.readouterr()
        assert "ours" in out
        assert ("theirs" in out) == (bearer is None)
    assert ("chỉ gồm hồ sơ mà khóa này xem được: H44.01 " in told["vi"]) == (bearer is not None)
    assert ("only cases that this key reads: H44.01 and all below" in told["en"]) == (bearer is not None)
    assert main(["--home", str(tmp_path), *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out).get("limited_to") == (None if bearer is None else ["H44.01"])
