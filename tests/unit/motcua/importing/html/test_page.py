"""Pages as streams: flat memory, hostile pages, and pages changed at random."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from motcua.importing.html.rows import HtmlRows
from motcua.importing.mapping.model import FileFormat
from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.forms import form_of
from motcua.importing.tables.rows import Row
from tests.unit.motcua.importing.html.registers import HEAD, ROWS, accepted, cells, page, table

ROOT = Path(__file__).parents[5]

PEAK = """\
import resource, sys
from pathlib import Path
from motcua.importing.html.rows import HtmlRows
from motcua.importing.mapping.model import FileFormat
rows = HtmlRows(Path(sys.argv[1]), FileFormat(), None)
print(sum(1 for _ in rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("around", ["{}", "<table><tr><td>Sổ</td><td>{}</td></tr></table>"], ids=["plain", "nested"])
def test_memory_is_flat_however_long_the_table(tmp_path: Path, around: str) -> None:
    peaks = []
    before, after = around.split("{}")
    for count in (1_000, 12_000):
        path = tmp_path / "so.xls"
        with path.open("w") as opened:
            opened.write(f"<html>{before}<table>{HEAD}")
            opened.writelines(cells(str(n), f"F-{n}", "02/02/2026 08:00", "x" * 60) + "\n" for n in range(count))
            opened.write(f"</table>{after}</html>")
        words = [sys.executable, "-c", PEAK, str(path)]
        told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
        assert int(told[0]) == count
        peaks.append(int(told[1]))
    assert peaks[1] - peaks[0] < 4_096, f"kilobytes: {peaks}"


@pytest.mark.parametrize(
    "text",
    [
        "<table>" * 5_000 + table(HEAD, ROWS),
        "<div>" * 5_000 + table(HEAD, ROWS),
        table(cells("a")) * 3_000 + table(HEAD, ROWS),
        table(HEAD, ROWS, "<tr>" + "<td rowspan=65534 colspan=1000>" * 16 + "</tr>", cells("x") * 50),
        table(HEAD, ROWS) + "<!--" + "x" * 3_000_000 + "-->",
        "<style>" + "{" * 200_000 + "</style><style>" + ".a" * 100_000 + "</style>" + table(HEAD, ROWS),
        table(HEAD, ROWS.replace("<td></td>", "<td " + "a='b' " * 20_000 + "></td>")),
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + table(HEAD, ROWS.replace(">1<", ">&x;<")),
    ],
    ids=["tables", "elements", "small-tables", "spans", "comment", "styles", "attributes", "entity"],
)
def test_hostile_pages_cost_little(tmp_path: Path, text: str) -> None:
    begun = time.process_time()
    made = []
    with suppress(ImportFailed):
        made = accepted(tmp_path, text)[0]
    assert time.process_time() - begun < 20
    if not text.startswith(("<table><table>", "<div>")):
        assert [one["subject"] for one in made] == ["H40.11-26-0007", "H40.11-26-0008"]


@pytest.mark.parametrize("seed", range(40))
def test_mutations_never_raise_anything_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(page(table(HEAD, ROWS), table(cells("x", "y"))).encode("utf-16" if seed % 3 == 0 else "utf-8"))
    for _ in range(chance.randrange(1, 9)):
        at = chance.randrange(len(content))
        content[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    with suppress(ImportFailed):
        accepted(tmp_path, gzip.compress(bytes(content)) if seed % 2 else bytes(content))


def test_a_packed_page_is_read_and_its_damage_told_after_what_could_be(tmp_path: Path) -> None:
    rows = "".join(cells(str(n), f"G-{n}", f"{random.Random(n).random()}", "") for n in range(9_000))
    packed = gzip.compress(table(HEAD, rows).encode())
    path = tmp_path / "so.xls.gz"
    path.write_bytes(packed)
    assert form_of(path) == "html"
    assert sum(1 for _ in HtmlRows(path, FileFormat(), None)) == 9_000
    path.write_bytes(packed[: len(packed) // 2])
    made: list[object] = []
    table_rows = HtmlRows(path, FileFormat(), None)
    with pytest.raises(ImportFailed, match="damaged or incomplete"):
        made.extend(table_rows)
    assert len(made) > 2_000
    assert all(isinstance(row, Row) for row in made)
    assert 0 < table_rows.position <= table_rows.size
    table_rows.close()
