"""What a report tells of a file as a whole: counted while it is read, with the first places."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.reasons import Reason
from motcua.importing.report.kinds import NOTE_TEXTS
from motcua.importing.report.notebook import Notebook
from motcua.importing.run import run_import
from motcua.importing.tables.header import Places
from tests.unit.motcua.importing.fake_intake import FakeIntake, mapping, options

PERMITS = """\
source: test/permits
row: dossier
dossier: "{code}"
formats: ["%Y-%m-%d"]
entries:
  - type: dossier.accepted
    time: "{opened}"
    data: {unit: "{unit}", channel: direct, promised_due: "{due}"}
"""
ROWS = "code,opened,unit,due\nP1,2025-03-03,U,2025-03-10\nP2,2025-03-03,U,\nP3,2025-03-04,U,\n"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", NOTE_TEXTS)
def test_every_kind_has_its_sentence_in_both_languages(code: str, language: str) -> None:
    text = Reason(code, {"count": 41, "lines": "7, 9…"}).text("vi" if language == "vi" else "en")
    assert "41" in text
    assert "{" not in text


def test_first_places_are_named_and_all_are_counted() -> None:
    book = Notebook()
    assert not list(book.reasons(Places()))
    for line in (5, 8, 13, 21):
        book.count("promise_missing", line)
    assert [(one.code, one.parameters) for one in book.reasons(Places())] == [
        ("promise_missing", {"count": 4, "lines": "5, 8, 13…"})
    ]
    sheets = Notebook()
    sheets.count("promise_missing", Places.of(1, 4))
    assert next(sheets.reasons(Places(("A", "B")))).parameters["lines"] == "B!4"


async def test_report_and_dry_run_tell_of_missing_promises(tmp_path: Path) -> None:
    file, rules = tmp_path / "p.csv", tmp_path / "m.yaml"
    file.write_text(ROWS)
    rules.write_text(PERMITS)
    summary = await run_import(options(FakeIntake(), tmp_path / "home", file, mapping=rules))
    assert [(one.code, one.parameters) for one in summary.noted] == [("promise_missing", {"count": 2, "lines": "3, 4"})]
    (told,) = summary.as_dict("vi")["noted"]
    assert (told["code"], told["count"], told["lines"]) == ("promise_missing", 2, "3, 4")
    assert told["text"].startswith("2 tiếp nhận không có ngày hẹn trả")
    assert orjson.dumps(summary.as_dict())
    trial = try_mapping(file, mapping(PERMITS), now=1_800_000_000_000_000, zone="UTC")
    assert "promise_missing" in [one.code for one in trial.noted]


async def test_lines_of_json_are_looked_at_too(tmp_path: Path) -> None:
    file = tmp_path / "e.ndjson"
    entry = {
        "specversion": "1.0", "source": "s", "type": "dossier.accepted", "time": "2025-03-03T01:00:00Z",
    }  # fmt: skip
    data = [
        {"unit": "U", "channel": "direct"}, {"unit": "U", "channel": "direct", "promised_due": "2025-03-10"}, None,
    ]  # fmt: skip
    lines = [orjson.dumps({**entry, "id": f"{n}", "subject": f"S{n}", "data": one}) for n, one in enumerate(data)]
    file.write_bytes(b"\n".join(lines))
    summary = await run_import(options(FakeIntake(), tmp_path / "home", file))
    assert [(one.code, one.parameters) for one in summary.noted] == [("promise_missing", {"count": 1, "lines": "1"})]
