"""The guide to dead letters on a whole stack: every command of it, a run that stops one partition, and right figures.

Both guides have the same commands and the same correction; the English one's are run.
"""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from motcua.cli.main import main
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL, lifecycle
from tests.integration.deadletters.poison import accepted, dead_letters, put
from tests.oracle.cases.dossier import all_facts
from tests.oracle.compare import compare
from tests.oracle.figures import Period, indices
from tests.oracle.journal import read_journal
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

GUIDES = Path(__file__).resolve().parents[3] / "docs/guides"
TEXT = (GUIDES / "deadletters.md").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
APRIL = Period(date(2024, 4, 1), date(2024, 4, 30), ZONE)
T = datetime(2024, 4, 18, 1, tzinfo=ZoneInfo("UTC"))
RUN = 6
PARTITIONS = 2
FIRST, SECOND, THIRD = (f"{JOURNAL}:0:{offset}" for offset in range(3))
STAMPED = {"sender": "one-stop", "recordedtime": "2024-04-10T01:00:01.000000Z"}


def commands(text: str) -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line.removeprefix("motcua ")) for block in blocks for line in block.splitlines()]


def correction(text: str) -> dict[str, Any]:
    found = re.search(r"^```json corrected.json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    entry: dict[str, Any] = json.loads(found[1])
    return entry


def test_both_guides_say_the_same() -> None:
    vietnamese = (GUIDES / "deadletters.vi.md").read_text(encoding="utf-8")
    assert commands(vietnamese) == commands(TEXT)
    assert correction(vietnamese) == correction(TEXT)
    assert re.findall(r"^\| (`.*?`) ", vietnamese, re.MULTILINE) == re.findall(r"^\| (`.*?`) ", TEXT, re.MULTILINE)


class Desk:
    """The command line in this process, and intake's routes, on one stack."""

    def __init__(self, suite: Suite, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.suite = suite
        self._capsys = capsys
        self._folder = folder

    def run(self, words: list[str], code: int = 0) -> str:
        """What a command of the guide prints."""
        return self._run(words, code)[0]

    def refusal(self, words: list[str]) -> str:
        """What a command says that fails."""
        return self._run(words, 1)[1]

    def _run(self, words: list[str], code: int) -> tuple[str, str]:
        known = [str(self._folder / word) if word == "corrected.json" else word for word in words]
        done = main(["--home", str(self.suite.stack.home.path), "--lang", "en", *known])
        told = self._capsys.readouterr()
        assert done == code, (words, told)
        return told.out, told.err

    def said(self, *words: str, code: int = 0) -> Any:
        """The JSON a command prints."""
        return json.loads(self.run([*words, "--json"], code))

    def letters(self, state: str = "open") -> dict[str, Any]:
        """The register's letters of a state by their names."""
        told = self.said("deadletter", "list", "--state", state)
        return {letter["id"]: letter for letter in told["letters"]}

    def post(self, letter: str, verb: str) -> httpx.Response:
        """Ask intake itself to settle a letter."""
        return self.suite.post(f"/v1/deadletters/{letter.replace(':', '/')}/{verb}", b"")


def _send(suite: Suite, day: int, count: int = 8) -> None:
    entries = [accepted(f"H44-2404{day}-{n:04}", time=f"2024-04-{day}T08:{n:02}:00+07:00") for n in range(count)]
    assert len({partition_of(entry["subject"], PARTITIONS) for entry in entries}) == PARTITIONS
    tick = accepted("clock", type="clock.ticked", id=f"tick/{day}", time=T.isoformat(), data={})
    body = b"\n".join(json.dumps(entry).encode() for entry in [*entries, tick])
    answer = suite.post("/v1/entries:batch", body, "application/x-ndjson").json()
    assert (answer["refused"], answer["unknown"]) == (0, 0), answer


def _figures(suite: Suite, folder: Path, dossiers: int) -> None:
    """The figures are those of the oracle over what is good in the journal."""
    suite.wait_counted()
    dead = dead_letters(suite.address("kafka"))
    lines = suite.export(folder / "journal.ndjson")
    read = read_journal([one for one in lines if (JOURNAL, one["partition"], one["offset"]) not in dead], PARTITIONS)
    facts = all_facts(read, ZONE)
    assert len(facts) == dossiers
    told = suite.indices("2024-04-01", "2024-04-30", children="true")
    assert compare(told, indices(facts, APRIL, T, children=True)) == []


@pytest.mark.timeout(240)
def test_every_command_of_the_guide(
    local_stack: StackFactory, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings = {"MOTCUA_DEADLETTER_RUN": str(RUN)}
    suite = Suite(local_stack("data", settings=settings, partitions=PARTITIONS, replicas={"processing": 2}))
    kafka, desk = suite.address("kafka"), Desk(suite, capsys, tmp_path)
    (tmp_path / "corrected.json").write_text(json.dumps(correction(TEXT)), encoding="utf-8")
    good = json.dumps(accepted("P-1", source="test/one-stop", **STAMPED)).encode()
    wrong = json.dumps({**correction(TEXT), "data": {"unit": 7, "channel": "online"}}).encode()
    assert put(kafka, JOURNAL, 0, [(b"another", good), (b"P-2", wrong), (b"x", b"\xff\x00")]) == [0, 1, 2]
    (derived,) = put(kafka, lifecycle(1), 0, [(b"x", b"\xff")])
    _send(suite, 10)
    until(lambda: len(desk.letters()) == 4, "the letters in the register")

    listed, as_json, shown, first, granted, every, corrected, discarded, resume, rest = commands(TEXT)
    assert "Dead letters: 4 · kept for 30 days" in desk.run(listed)
    assert [one["id"] for one in json.loads(desk.run(as_json))["letters"]] == [FIRST]
    screen = desk.run(shown)
    for word in ("wrong_key", '"subject": "P-1"', "1 ×", "another", "behind intake's back"):
        assert word in screen, screen
    labels = ['reason="malformed"', 'service="processing"']
    until(lambda: suite.metric("intake", "motcua_intake_deadletters", labels) == 1, "the gauge")

    assert "replayed: 1" in desk.run(first)
    assert "replayed: 1" in desk.run(first), "asked again it is the same"
    assert desk.run(granted) == "replayed: 0\n"
    refused = desk.said(*every, code=1)
    assert (refused["replayed"], refused["unknown"]) == (0, 0)
    assert refused["refused"] == {"deadletter_derived": 1, "not_json": 1, "wrong_type": 1}
    problem = desk.post(SECOND, "replay").json()
    assert (problem["status"], problem["field"], problem["value"]) == (422, "data.unit", 7)
    problem = desk.post(f"{lifecycle(1)}:0:{derived}", "replay").json()
    assert (problem["status"], "motcua rebuild" in problem["remedy"]) == (409, True)
    assert "replayed: 1" in desk.run(corrected)
    assert "discarded: 1" in desk.run(discarded)
    assert desk.post(FIRST, "discard").status_code == 422, "it needs a reason"
    assert desk.said("deadletter", "discard", FIRST, "--why", "late", code=1)["refused"] == {"deadletter_settled": 1}
    assert desk.letters().keys() == {f"{lifecycle(1)}:0:{derived}"}
    settled = desk.letters("replayed")
    assert [settled[name]["settled"]["corrected"] for name in (FIRST, SECOND)] == [False, True]
    suite.wait_counted()
    place = settled[FIRST]["settled"]["positions"][0]
    assert place["partition"] == partition_of("P-1", PARTITIONS)
    assert "H44.01" in desk.run(["deadletter", "show", FIRST])
    assert "An entry of this source and id counts by now: P-1" in desk.run(["deadletter", "show", FIRST])

    _a_run_stops_one_partition(desk, resume)
    _figures(suite, tmp_path, 8 + 2 + 8)
    count = len(desk.letters())
    assert f"Dead letters: {count}" in desk.run(rest)
    assert f"discarded: {count}" in desk.run(["deadletter", "discard", "--all", "--why", "a test", "--yes"])
    assert desk.letters() == {}


def _a_run_stops_one_partition(desk: Desk, resume: list[str]) -> None:
    suite, kafka = desk.suite, desk.suite.address("kafka")
    assert desk.run(resume) == "", "nothing stands"
    put(kafka, JOURNAL, 1, [(b"x", b"no JSON")] * (RUN + 2))
    _send(suite, 11)
    replicas = suite.names("processing")

    def alarm() -> str:
        told = "".join(suite.get(name, "/health/ready").text for name in replicas)
        return told if "phân vùng 1 đang đứng: deadletter_run" in told else ""

    assert "motcua deadletter resume 1" in until(alarm, "the alarm")
    stopped = ['partition="1"', 'state="stopped"']
    until(
        lambda: sum(suite.metric(name, "motcua_processing_partition_state", stopped) for name in replicas) == 1, "gauge"
    )
    assert "Partition 0: running" in desk.refusal(["deadletter", "resume", "0"])
    assert desk.run(resume) == "partition 1 goes on\n"
    until(lambda: len(desk.letters()) == 1 + RUN + 2, "the rest of the run in the register")
