"""Whatever comes in at the HTTP door and from files: refused with its reason and counted; what is good gets through."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.deadletters.poison import accepted
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

SEED = int(os.environ.get("MOTCUA_SEED") or 766)
FIRST, LAST = "2024-04-01", "2024-04-30"
DEEP = b"[" * 5000 + b"]" * 5000

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    factory = StackFactory(tmp_path_factory.mktemp("bad-input"))
    try:
        yield Suite(factory("data"))
    finally:
        factory.stop_all()


def wrong_entries() -> list[tuple[str, dict[str, Any]]]:
    """Entries with one mistake each, and the code of the problem that tells it."""
    good = accepted("H44-240410-0001")
    data = good["data"]
    cases: list[tuple[str, dict[str, Any]]] = [
        ("unknown_type", {"type": "dossier.eaten"}),
        ("unknown_rule", {"type": "rule.activated", "data": {"rule": "r", "version": "1"}}),
        ("future_time", {"time": "2190-01-01T00:00:00Z"}),
        ("simulated_on_real", {"simulated": True}),
        ("personal_field", {"data": {**data, "hoTen": "…"}}),
        ("wrong_due", {"data": {**data, "promised_due": "2024-04-17T08:00:00"}}),
        ("missing_field", {"data": {"channel": "online"}}),
        ("unknown_field", {"data": {**data, "colour": "red"}}),
        ("unknown_field", {"colour": "red"}),
    ]
    wrong: dict[str, list[Any]] = {
        "id": [1, None, "", "x" * 300, []],
        "source": [{}, "", 1.5],
        "subject": [None, "", "a\u0000b", 7],
        "time": ["yesterday", "2024-04-10", "2024-04-10T08:00:00", 1712710800, None],
        "revision": ["1", -1, 2**40, 1.5, True],
        "sequence": ["0", 2**40],
        "specversion": ["0.3", 1],
        "data": ["text", [], 1],
    }
    for field, values in wrong.items():
        cases += [("", {field: value}) for value in values]
    wrong_data: dict[str, list[Any]] = {
        "unit": [1, "", None, []],
        "channel": [None, 2],
        "promised_due": ["soon", 20240417, {}],
    }
    for field, values in wrong_data.items():
        cases += [("", {"data": {**data, field: value}}) for value in values]
    return [(code, {**good, **change}) for code, change in cases]


def test_wrong_entries_are_refused_one_by_one(suite: Suite) -> None:
    refused = suite.metric("intake", "motcua_intake_refused_total")
    count = 0
    for code, entry in wrong_entries():
        answer = suite.post("/v1/entries", json.dumps(entry).encode())
        count += 1
        problem = answer.json()
        assert answer.status_code == 422, (entry, problem)
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert all(problem[part] for part in ("title", "detail", "remedy")), problem
        assert code in ("", problem["code"]), (entry, problem)
    for body in (b"", b"\xff\xfe", b"null", b"[]", b'{"a":1,"a":2}', b'{"x":NaN}', DEEP, b'"text"'):
        assert suite.post("/v1/entries", body).status_code == 400, body[:40]
        count += 1
    missing = {name: value for name, value in accepted("H44-240410-0001").items() if name != "data"}
    assert suite.post("/v1/entries", json.dumps(missing).encode()).json()["code"] == "data_missing"
    assert suite.metric("intake", "motcua_intake_refused_total") == refused + count + 1, "each refusal is counted"


def test_a_dossier_is_one_however_its_code_and_unit_are_typed(suite: Suite) -> None:
    code, unit = "Hồ sơ 240510/7%2F?#", "Sở Nội vụ"
    typed = unicodedata.normalize("NFD", code).replace(" ", "\u00a0")
    begun = accepted(code, time="2024-05-10T08:00:00+07:00", data={"unit": unit, "channel": "direct"})
    passed = {"type": "dossier.handed_over", "time": "2024-05-10T16:00:00+07:00", "data": {"unit": "Sở  Nội\u3000vụ "}}
    ended = {"type": "dossier.resolved", "time": "2024-05-11T08:00:00+07:00", "data": {}}
    for entry in (begun, accepted(typed, id="over", **passed), accepted(typed, id="end", **ended)):
        told = suite.post("/v1/entries", json.dumps(entry).encode()).json()
        assert told["subject"] == code, told
        assert told.get("subject_sent") == (None if entry is begun else typed)
    for asked in (code, typed, f" {code} "):

        def known(path: str = f"/v1/dossiers/{quote(asked, safe='')}") -> dict[str, Any] | None:
            answer = suite.get("processing", path)
            found: dict[str, Any] = answer.json()
            return found if answer.is_success and len(found["entries"]) == 3 else None

        found = until(known, "the dossier with its entries")
        assert found is not None
        assert (found["row"]["code"], found["row"]["status"], found["row"]["unit"]) == (code, 9, unit)
    for odd in ("a\u202e", "a\u200b", "a\x7f", "\ue000", ".."):
        problem = suite.post("/v1/entries", json.dumps(accepted(odd, id="odd")).encode()).json()
        assert (problem["code"], problem["field"]) == ("code_of_dots" if odd == ".." else "odd_sign", "subject")


def test_random_bytes_and_huge_bodies(suite: Suite) -> None:
    chance = random.Random(SEED)
    print(f"MOTCUA_SEED={SEED}")
    good = json.dumps(accepted("H44-240410-0002")).encode()
    for _ in range(60):
        noise = chance.randbytes(chance.randint(1, 3000))
        assert suite.post("/v1/entries", noise).status_code in (400, 422), noise
        cut = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            cut[chance.randrange(len(cut))] = chance.randrange(256)
        assert suite.post("/v1/entries", bytes(cut[: chance.randint(1, len(cut))])).status_code in (202, 400, 422)
    big = json.dumps(accepted("H44-240410-0003", id="x" * 2_000_000)).encode()
    answer = suite.post("/v1/entries", big)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    answer = suite.post("/v1/entries:batch", big + b"\n" + good, "application/x-ndjson")
    assert [line["status"] for line in answer.json()["results"]] == [413, 202], "a line too long, a good one after it"
    assert suite.post("/v1/entries:batch", b"x" * 17_000_000, "application/x-ndjson").status_code == 413
    assert suite.get("intake", "/health/ready").status_code == 200


def test_bad_lines_never_hold_up_good_ones(suite: Suite) -> None:
    chance = random.Random(SEED)
    lines = [(True, json.dumps(accepted(f"H44-240411-{number:04}")).encode()) for number in range(200)]
    lines += [(False, json.dumps(entry).encode()) for _, entry in wrong_entries()]
    lines += [(False, chance.randbytes(50).replace(b"\n", b"?") or b"?") for _ in range(30)]
    chance.shuffle(lines)
    answer = suite.post("/v1/entries:batch", b"\n".join(line for _, line in lines), "application/x-ndjson").json()
    assert (answer["accepted"], answer["unknown"]) == (200, 0)
    for (good, line), result in zip(lines, answer["results"], strict=True):
        assert (result["status"] == 202) is good, (line, result)
        assert good or result["problem"]["remedy"], result
    suite.wait_counted()
    found = {dossier["code"] for dossier in _listed(suite) if dossier["code"].startswith("H44-240411-")}
    assert len(found) == 200


def _listed(suite: Suite) -> list[dict[str, Any]]:
    answer = suite.get("metrics", "/v1/dossiers", **{"figure": "received", "from": FIRST, "to": LAST, "limit": 10_000})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["dossiers"]
    return found


MAPPING = """\
version: 1
source: test/files
row: dossier
dossier: "{code}"
formats: [iso]
entries:
  - type: dossier.accepted
    time: "{accepted}"
    data:
      unit: "{unit}"
      channel: { column: channel, map: { net: online }, strict: true }
      promised_due: "{due}"
"""
HEADER = "code,accepted,unit,channel,due"


def _import(suite: Suite, folder: Path, content: bytes, name: str = "log.csv") -> dict[str, Any]:
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / name).write_bytes(content)
    words = ("--mapping", str(folder / "mapping.yaml"), "--refused", str(folder / "refused.rejected.csv"), "--json")
    summary: dict[str, Any] = json.loads(suite.motcua("import", str(folder / name), *words))
    return summary


def test_a_broken_csv_gives_what_is_good_and_names_the_rest(suite: Suite, tmp_path: Path) -> None:
    rows = [
        HEADER.encode(),
        b"F-1,2024-04-12T08:00:00+07:00,H44.02,net,2024-04-19",
        b"F-2,2024-04-12T08:00:00+07:00,H44.02,pigeon,2024-04-19",  # not in the map
        b"F-3,the 12th,H44.02,net,2024-04-19",  # no time
        b",2024-04-12T08:00:00+07:00,H44.02,net,2024-04-19",  # no code
        b"F-5,2024-04-12T08:00:00+07:00,H44.02",  # cells are missing
        b"F-6,2024-04-12T08:00:00+07:00,H44.02,net,2024-04-19,one more",
        b"F-7,2024-04-12T08:00:00+07:00,H\xff\xfe44.02,net,2024-04-19",  # no UTF-8
        b"F-8,2190-04-12T08:00:00+07:00,H44.02,net,2024-04-19",  # the future, refused by intake
        b"F-9,2024-04-12T08:00:00+07:00,H44.02,net,2024-04-19",
        b'F-10,2024-04-12T08:00:00+07:00,"H44.02,net,2024-04-19',  # a quote that never closes
    ]
    summary = _import(suite, tmp_path, b"\n".join(rows))
    assert summary["accepted"] == 2, summary
    reasons = summary["refused_by_reason"]
    assert reasons == {
        "not_in_map": 1,
        "time_not_understood": 1,
        "no_dossier": 1,
        "ragged_row": 2,
        "quote_at_end": 1,
        "wrong_encoding": 1,
        "future_time": 1,
    }
    with (tmp_path / "refused.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.DictReader(file))
    assert [int(row["line"]) for row in refused] == [3, 4, 5, 6, 7, 8, 9, 11]
    assert all(row["reason"] for row in refused)
    found = {dossier["code"] for dossier in _listed(suite) if dossier["unit"] == "H44.02"}
    assert found == {"F-1", "F-9"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("cut.csv.gz", gzip.compress(HEADER.encode() + b"\n" + b"F-20,x,y,z,w\n" * 5000)[:-40]),
        ("noise.csv", random.Random(SEED).randbytes(20_000)),
        ("noise.csv.gz", b"\x1f\x8b" + random.Random(SEED).randbytes(2_000)),
    ],
)
def test_files_that_are_none(suite: Suite, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / name).write_bytes(content)
    said = suite.motcua("import", str(tmp_path / name), "--mapping", str(tmp_path / "mapping.yaml"), code=1)
    assert said.strip(), "it says why"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("row: dossier", "row: dosier"), 3),
        (("dossier.accepted", "dossier.acepted"), 7),
        (('"{accepted}"', '"{acepted}"'), 8),
        (("      unit:", "      unti:"), 10),
        (("formats: [iso]", "formats: [iso"), 6),
        (("strict: true", "strict: maybe"), 11),
        (('      promised_due: "{due}"', '      promised_due: "{due"'), 12),
    ],
)
def test_mistakes_in_a_mapping_are_told_with_their_line(
    suite: Suite, tmp_path: Path, change: tuple[str, str], line: int
) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING.replace(*change), encoding="utf-8")
    (tmp_path / "log.csv").write_text(HEADER + "\n", encoding="utf-8")
    said = suite.motcua("import", str(tmp_path / "log.csv"), "--mapping", str(mapping), code=1)
    assert f"mapping.yaml:{line}" in said or f"line {line}" in said, said
