"""The guides' examples give what they show, the reference names every key, and real logs give their numbers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import orjson
import pytest
from pydantic import BaseModel

from services.intake.files.mapping_model import Condition, EntryRule, FileFormat, Mapping, Value
from shared.instants import parse_instant
from tests.unit.intake_files.fake_intake import entries_of, read

ROOT = Path(__file__).parents[3]
GUIDES = ROOT / "docs/guides"
DATA = ROOT.parent / "shared" / "data"
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def examples(name: str) -> list[tuple[str, str, str]]:
    """The guide's triples of data, mapping and entries."""
    blocks = [(kind, text) for kind, text in _BLOCK.findall((GUIDES / name).read_text()) if kind != "text"]
    assert [kind for kind, _ in blocks] == ["csv", "yaml", "json"] * (len(blocks) // 3)
    return [(blocks[n][1], blocks[n + 1][1], blocks[n + 2][1]) for n in range(0, len(blocks), 3)]


EXAMPLES = [(name, *one) for name in ("import.md", "import.vi.md") for one in examples(name)]


def test_all_worked_examples_are_found() -> None:
    assert [name for name, *_ in EXAMPLES] == ["import.md"] * 4 + ["import.vi.md"]


@pytest.mark.parametrize(("name", "data", "mapping", "entries"), EXAMPLES, ids=lambda _: "")
def test_an_example_gives_what_the_guide_shows(
    tmp_path: Path, name: str, data: str, mapping: str, entries: str
) -> None:
    made, refused = entries_of(tmp_path, data, mapping)
    assert made == [orjson.loads(line) for line in entries.strip().split("\n")]
    told = (GUIDES / name).read_text()
    for one in refused:
        assert f"{one.line}: {one.reason.text('en')}" in told


def test_the_reference_names_every_key() -> None:
    text = (GUIDES / "import.md").read_text()
    sections: dict[str, type[BaseModel]] = {
        "### The mapping": Mapping,
        "### `file`": FileFormat,
        "### `entries`": EntryRule,
        "### Values": Value,
        "### Conditions": Condition,
    }
    for heading, model in sections.items():
        section = text.partition(heading)[2].partition("\n##")[0]
        first_cells = " ".join(line.split("|")[1] for line in section.split("\n") if line.startswith("|"))
        for field, info in model.model_fields.items():
            assert f"`{info.alias or field}`" in first_cells, (heading, field)


def test_the_permit_log_gives_its_published_numbers() -> None:
    path = DATA / "receipt.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout")
    made, refused, entries = read(path, (GUIDES / "mappings/receipt.yaml").read_text())
    until = parse_instant("2012-01-24T00:00:00+07:00")
    by_then = Counter(entry["type"] for entry in made if parse_instant(entry["time"]) < until)
    assert not refused
    assert entries.dossiers == 1_434
    assert Counter(entry["type"] for entry in made)["step.completed"] == 8_577
    assert (by_then["dossier.accepted"], by_then["dossier.resolved"]) == (1_434, 1_329)
    channels = Counter(entry["data"]["channel"] for entry in made if entry["type"] == "dossier.accepted")
    assert channels["online"] == 1_250
    assert len({entry["id"] for entry in made}) == len(made)


def test_the_service_requests_agree_with_the_citys_own_label() -> None:
    path = DATA / "boston311-100.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout")
    made, refused, _ = read(path, (GUIDES / "mappings/boston311.yaml").read_text())
    assert not refused
    accepted = {entry["subject"]: entry for entry in made if entry["type"] == "dossier.accepted"}
    resolved = {entry["subject"]: entry for entry in made if entry["type"] == "dossier.resolved"}
    assert (len(accepted), len(resolved)) == (100, 85)
    late = {
        code
        for code, entry in resolved.items()
        if (due := accepted[code]["data"].get("promised_due")) is not None and entry["time"] > due
    }
    rows = [line.split(",") for line in path.read_text().split("\n")[1:] if line]
    label = {f"BOS311-{row[0]}" for row in rows if row[4] == "OVERDUE" and f"BOS311-{row[0]}" in resolved}
    assert late == label
