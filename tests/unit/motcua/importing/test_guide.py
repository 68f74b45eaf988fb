"""The guides' examples give what they show, the reference names every key, and real logs give their numbers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import orjson
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel

from motcua.cli.main import main
from motcua.importing.mapping.model import Condition, EntryRule, FileFormat, Mapping, Value
from shared.instants import parse_instant
from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.workbooks import workbook
from tests.unit.motcua.importing.test_run_forms import typed

ROOT = Path(__file__).parents[4]
GUIDES = ROOT / "docs/guides"
DATA = ROOT.parent / "shared" / "data"
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def examples(name: str) -> list[tuple[str, str, str, str]]:
    """The guide's data with their kind, mapping and entries."""
    found = _BLOCK.findall((GUIDES / name).read_text())
    blocks = [(kind, text) for kind, text in found if kind not in ("text", "console")]
    assert [kind for kind, _ in blocks[1::3] + blocks[2::3]] == ["yaml"] * (len(blocks) // 3) + ["json"] * (
        len(blocks) // 3
    )
    return [(*blocks[n], blocks[n + 1][1], blocks[n + 2][1]) for n in range(0, len(blocks), 3)]


def data_file(directory: Path, kind: str, data: str) -> Path:
    """The file that a block of data stands for; a sheet's cells are joined where the block has arrows."""
    path = directory / f"so.{'xlsx' if kind == 'sheet' else kind}"
    if kind != "sheet":
        path.write_text(data)
        return path

    def fill(sheet: Worksheet) -> None:
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for row, line in enumerate(data.strip().split("\n"), start=1):
            for column, text in enumerate((cell.strip() for cell in line.split("|")), start=1):
                if text in ("←", "↑"):
                    corner = (row, column - 1) if text == "←" else (row - 1, column)
                    merged[row, column] = merged.get(corner, corner)
                elif text:
                    sheet.cell(row, column, typed(text))
        for corner in set(merged.values()):
            ends = [place for place, owner in merged.items() if owner == corner]
            sheet.merge_cells(
                start_row=corner[0], start_column=corner[1], end_row=max(ends)[0], end_column=max(c for _, c in ends)
            )

    return workbook(path, **{"Tháng 8": fill})


EXAMPLES = [(name, *one) for name in ("import.md", "import.vi.md") for one in examples(name)]


def test_all_worked_examples_are_found() -> None:
    assert [name for name, *_ in EXAMPLES] == ["import.md"] * 6 + ["import.vi.md"] * 2
    assert [kind for name, kind, *_ in EXAMPLES] == ["csv"] * 4 + ["sheet", "xml", "csv", "sheet"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda _: "")
def test_an_example_gives_what_the_guide_shows(tmp_path: Path, example: tuple[str, str, str, str, str]) -> None:
    name, kind, data, mapping, entries = example
    made, refused, _ = read(data_file(tmp_path, kind, data), mapping)
    assert made == [orjson.loads(line) for line in entries.strip().split("\n")]
    told = (GUIDES / name).read_text()
    for one in refused:
        place = f"Tháng 8!{one.line}" if kind == "sheet" else str(one.line)
        assert f"{place}: {one.reason.text('vi' if 'vi' in name else 'en')}" in told


@pytest.mark.parametrize("name", ["import.md", "import.vi.md"])
def test_commands_print_what_the_guide_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Inspecting a workbook, the mapping that is written, and the dry run, as they stand in the guide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    ((kind, data, mapping, _),) = [example for example in examples(name) if example[0] == "sheet"]
    data_file(tmp_path, kind, data)
    blocks = [text for kind, text in _BLOCK.findall((GUIDES / name).read_text()) if kind == "console"]
    assert [block.partition("\n")[0].split()[-1] for block in blocks] == ["so.yaml", "--dry-run"]
    for block in blocks:
        line, _, shown = block.partition("\n")
        assert main(["--lang", "vi" if "vi" in name else "en", *line.split()[2:]]) == 0
        assert [told.rstrip() for told in capsys.readouterr().out.splitlines()] == shown.splitlines()
    assert (tmp_path / "so.yaml").read_text() == mapping


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
