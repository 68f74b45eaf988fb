"""What people see of a dossier: slip, explanation and draft of an apology, of answers as processing gives them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from motcua.cli.errors import CommandError
from motcua.cli.figures import dossier, slip
from motcua.cli.main import main
from services.processing.engine import facts
from services.processing.http.answers import explain_dossier
from services.processing.http.slips import make_slip
from services.processing.states.layers import HeldState
from shared.instants import DAY, local_midnight, parse_instant
from simulator.playing import Player, new_state
from tests.unit.processing.driver import REFERENCE, ZONE, Partition

FIRST = date(2026, 8, 17)
BEGIN = local_midnight(FIRST, ZONE)
LATE = "H99.01-LATE"
ROUTE = [
    {"step": "receive", "role": "counter", "budget": 60},
    {"step": "opinion", "unit": "H99.03", "budget": 480},
    {"step": "sign", "role": "leader", "budget": 480},
]


def entry(type_: str, time: str, data: dict[str, Any] | None, subject: str = LATE) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": type_,
        "source": "s",
        "id": f"{subject}/{type_}/{time}",
        "subject": subject,
        "time": time,
        "data": data,
        "simulated": True,
    }


#: Received on Monday morning, due on Wednesday; the opinion is with another unit until Friday morning.
STORY = (
    entry("route.revised", "2026-08-01T00:00:00Z", {"procedure": "9.1", "version": "r1", "steps": ROUTE}, "9.1"),
    entry(
        "dossier.accepted",
        "2026-08-17T08:00:00+07:00",
        {"unit": "H99.01", "channel": "direct", "procedure": "9.1", "promised_due": "2026-08-19"},
    ),
    entry("step.completed", "2026-08-17T10:00:00+07:00", {"step": "receive"}),
    entry("step.completed", "2026-08-18T08:00:00+07:00", {"step": "opinion", "unit": "H99.07"}),
    entry("step.completed", "2026-08-21T09:00:00+07:00", {"step": "opinion", "unit": "H99.03"}),
    parse_instant("2026-08-21T10:30:30+07:00"),
)
NAMES = [{"unit": "H99.01", "unit_name": "Sở Một"}, {"unit": "H99.03", "unit_name": "Sở [Ba]"}]


class Stand:
    """Services of a stack whose only dossiers are those of a partition in memory."""

    def __init__(self, partition: Partition) -> None:
        self.stack = SimpleNamespace(simulated=True, zone=str(ZONE))
        self._partition = partition

    def replicas(self, _kind: str) -> list[str]:
        return ["http://away", "http://here"]

    def get(self, _service: str, _path: str) -> Any:
        return {"units": NAMES}

    def get_at(self, address: str, path: str) -> Any:
        if address == "http://away":
            raise CommandError("không đọc được", "cannot be read")
        code, _, part = path.removeprefix("/v1/dossiers/").partition("/")
        partition = self._partition
        state = partition.states[unquote(code)]
        if part == "slip":
            known = facts(code, state.entries, partition.reference)
            return make_slip(known, partition.reference, partition.clock).model_dump(mode="json")
        answer = explain_dossier(HeldState(state, 1, True), 0, partition.reference, partition.clock).model_dump(
            mode="json"
        )
        if part != "apology":
            return answer
        if answer["apology_draft"] is None:
            raise CommandError("chưa cần xin lỗi", "no apology is due")
        return answer["apology_draft"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """A command over the dossiers of a partition: its exit code and what it printed."""

    def ask(partition: Partition, *words: str, lang: str = "en") -> tuple[int, str, str]:
        for module in (slip, dossier):
            monkeypatch.setattr(module, "Services", lambda _session: Stand(partition))
        code = main(["--home", str(tmp_path), "--lang", lang, *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ask


def late() -> Partition:
    return Partition(REFERENCE).feed(STORY)


def test_the_slip_of_a_late_dossier(run: Any) -> None:
    code, out, _ = run(late(), "slip", LATE)
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "accountable unit H99.01 Sở Một" in lines
    assert "receive H99.01 Sở Một 2026-08-17 08:00 2026-08-17 10:00 2:00 1:00 +1:00 done" in lines
    assert "opinion H99.03 Sở [Ba] 2026-08-17 10:00 2026-08-21 09:00 31:00 8:00 +23:00 done" in lines
    assert "sign H99.01 Sở Một 2026-08-21 09:00 - 1:30 8:00 -6:29 under way" in lines
    assert "With now: H99.01 Sở Một" in lines
    # From Wednesday 17:00 to Friday 10:30:30 a day and three hours, by 1:23; the parts add up in whole minutes.
    assert "Late by 11:00, due to: H99.01 Sở Một 0:27, H99.03 Sở [Ba] 10:33" in lines


def test_the_same_in_vietnamese_and_as_data(run: Any) -> None:
    out = run(late(), "slip", LATE, lang="vi")[1]
    assert "PHIẾU KIỂM SOÁT" in out
    assert "Đang giữ: H99.01 Sở Một" in out
    told = json.loads(run(late(), "slip", LATE, "--json")[1])
    assert [line["step"] for line in told["lines"]] == ["receive", "opinion", "sign"]
    assert sum(part["delay_us"] for part in told["blame"]) == told["total"]["delay_us"]


def test_an_explanation_has_every_sentence_under_its_heading(run: Any) -> None:
    partition = late()
    told = json.loads(run(partition, "dossier", LATE, "--explain", "--json")[1])
    for lang in ("en", "vi"):
        out = run(partition, "dossier", LATE, "--explain", lang=lang)[1]
        lines = [line.strip() for line in out.splitlines()]
        places = [lines.index(sentence[lang]) for sentence in told["sentences"]]
        assert places == sorted(places)
    out = run(partition, "dossier", LATE, "--explain")[1].splitlines()
    headings = [line for line in out[3:] if not line.startswith("  ")]
    assert headings == ["What it rests on", "Due date", "Tests", "Steps", "Findings"]
    assert out[-1].strip().endswith("H99.07 does not own step opinion; its owner is H99.03.")


def test_a_dossier_shows_steps_holders_and_what_was_rejected(run: Any) -> None:
    out = run(late(), "dossier", LATE)[1]
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "with now H99.01 Sở Một" in lines
    assert "not the owner of the step · source s · id H99.01-LATE/step.completed/2026-08-18T08:00:00+07:00" in out
    assert "opinion H99.03 Sở [Ba] 2026-08-17 10:00 2026-08-21 09:00 31:00 8:00 +23:00 done" in lines
    assert "breach · due 2026-08-19 17:00 · at 2026-08-19 17:00" in lines
    assert any(line.startswith("2026-08-18 08:00 step.completed ✗ s") for line in lines), "it has no effect"
    assert any(line.startswith("2026-08-17 10:00 step.completed ✓ s") for line in lines)


def test_the_draft_of_an_apology(run: Any) -> None:
    out = " ".join(run(late(), "apology", LATE)[1].split())
    assert "form 04" in out
    assert "late (working days) 2 " in out
    assert "still to go" not in out
    assert json.loads(run(late(), "apology", LATE, "--json")[1])["overdue"] is True
    early = Partition(REFERENCE).feed(STORY[:2])
    assert run(early, "apology", LATE)[0] == 1, "no draft before the clock says so"
    soon = early.feed([parse_instant("2026-08-19T10:00:00+07:00")])
    assert "still to go (hours) 7 " in " ".join(run(soon, "apology", LATE)[1].split())


def test_whole_minutes_add_up() -> None:
    minute = 60_000_000
    assert slip._whole_minutes([minute - 1, minute - 2, 2]) == [minute, 0, 0]
    assert slip._whole_minutes([]) == []
    assert slip._whole_minutes([90_000_000, 30_000_000]) == [2 * minute, 0]


def test_dossiers_of_a_province_can_be_shown(run: Any) -> None:
    partition = Partition(REFERENCE)
    player = Player(new_state(1, 6, FIRST, ZONE).score, ZONE, BEGIN)
    known = [one for one in player.until(BEGIN + 20 * DAY) if one["time"][0] == "2" and one["data"] is not None]
    partition.feed([*(one for one in known if one["data"].get("channel") != "teleport"), BEGIN + 20 * DAY])
    assert len(partition.states) > 60
    for code in sorted(partition.states)[::8]:
        for words in (("slip", code), ("dossier", code), ("dossier", code, "--explain")):
            done, out, err = run(partition, *words)
            assert (done, err) == (0, ""), (words, err)
            assert code in out
            assert "_us" not in out


@pytest.mark.parametrize("words", [("slip", LATE), ("apology", LATE), ("dossier", LATE, "--explain")])
def test_a_stack_that_does_not_run_is_said(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path / "never"), *words]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "motcua up" in told.err
