"""Process logs: names and types of attributes, traces and events, damage, hostile documents, flat memory."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from motcua.importing.mapping.load import load_mapping
from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed, MappingMistakes
from motcua.importing.stream import TableEntries
from motcua.importing.tables.cells import Stamp
from motcua.importing.tables.forms import form_of
from motcua.importing.tables.rows import Row
from motcua.importing.tables.xes import RowKind, XesRows
from tests.unit.motcua.importing.fake_intake import mapping, read

ROOT = Path(__file__).parents[5]
DATA = ROOT.parent / "shared" / "data"
RECEIPT = ROOT / "docs/guides/mappings/receipt.yaml"

LOG = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
  <global scope="trace"><string key="note" value=""/></global>
  <global scope="event"><boolean key="never" value="false"/></global>
  <string key="meta" value="of the log"><int key="deep" value="1"/></string>
  <trace>
    <string key="concept:name" value="A"/>
    <event>
      <string key="concept:name" value="Nhận"/>
      <date key="time:timestamp" value="2026-08-03T08:00:00.000+07:00"/>
      <int key="n" value=" 7 "/><float key="cost" value="1.2E3"/><float key="half" value="0.5"/>
      <boolean key="ok" value="TRUE"/><id key="i" value="9f-1"/>
      <string key="unit" value="U"><string key="level" value="x &amp; y"/></string>
      <list key="docs"><values><string key="d" value="one"/><string key="d" value="two"/></values></list>
      <list key="old"><string key="a" value="1"/></list>
    </event>
    <!-- attributes of the trace may come late -->
    <string key="late" value="yes"/>
    <event><date key="time:timestamp" value="2026-08-04T08:00:00+07:00"/></event>
  </trace>
  <trace><string key="concept:name" value="B"/><date key="start" value="2026-08-05T08:00:00+07:00"/></trace>
</log>
"""


def rows(path: Path, kind: RowKind = "event", named: list[str] | None = None) -> list[dict[str, str]]:
    made = XesRows(path, kind, named)
    return [dict(zip(made.header.columns, row.cells, strict=True)) for row in made if isinstance(row, Row)]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_names_and_texts_of_a_log(tmp_path: Path) -> None:
    path = write(tmp_path / "l.xes", LOG)
    assert form_of(path) == "xes"
    first, second = rows(path)
    assert {name: text for name, text in first.items() if text} == {
        "case:concept:name": "A", "case:late": "yes", "concept:name": "Nhận", "n": "7", "cost": "1200", "half": "0.5",
        "time:timestamp": "2026-08-03T08:00:00.000+07:00", "ok": "true", "i": "9f-1", "unit": "U",
        "unit/level": "x & y", "docs": "one, two", "docs/d": "one", "old": "1", "old/a": "1",
    }  # fmt: skip
    assert type(first["time:timestamp"]) is Stamp
    assert {name for name, text in second.items() if text} == {"case:concept:name", "case:late", "time:timestamp"}
    assert {"case:note", "never"} <= first.keys(), "what the log declares is a column"


@pytest.mark.parametrize(
    "form",
    [
        lambda text: text.replace(' xmlns="http://www.xes-standard.org/"', ""),
        lambda text: text.replace('<?xml version="1.0" encoding="UTF-8"?>\n', ""),
        lambda text: text.replace("<log ", '<x:log xmlns:x="http://code.deckfour.org/xes" ').replace(
            "</log", "</x:log"
        ),
        lambda text: text.replace(">\n", ">"),
    ],
)
def test_other_hands_write_the_same_log(tmp_path: Path, form: object) -> None:
    assert callable(form)
    wanted = rows(write(tmp_path / "a.xes", LOG))
    assert rows(write(tmp_path / "b.xes", form(LOG))) == wanted
    packed = tmp_path / "c.bin"
    packed.write_bytes(gzip.compress(form(LOG).encode()))
    assert rows(packed) == wanted
    packed.write_bytes(form(LOG).replace("UTF-8", "UTF-16").encode("utf-16"))
    assert rows(packed) == wanted


def test_a_row_may_be_a_trace_so_that_none_without_events_is_lost(tmp_path: Path) -> None:
    made = rows(write(tmp_path / "l.xes", LOG), "dossier")
    assert [(row["case:concept:name"], row["case:late"], row["case:start"]) for row in made] == [
        ("A", "yes", ""), ("B", "", "2026-08-05T08:00:00+07:00")
    ]  # fmt: skip
    with pytest.raises(ImportFailed, match="has no event"):
        rows(write(tmp_path / "e.xes", "<log><trace><string key='a' value='b'/></trace></log>"))
    with pytest.raises(ImportFailed, match="has no trace"):
        rows(write(tmp_path / "e.xes", "<log></log>"), "dossier")


STEPS = """\
source: log
row: event
dossier: "{case:concept:name}"
formats: "%d/%m/%Y"
entries:
  - type: step.completed
    time: "{time:timestamp}"
    data: {step: "{concept:name}", unit: "{late}"}
"""


def traces(count: int, last: str = "") -> Iterator[str]:
    """A log; `last` stands in the events of its last trace."""
    yield '<?xml version="1.0"?>\n<log>\n'
    for number in range(count):
        yield f'<trace><string key="concept:name" value="C{number}"/>'
        for step in range(4):
            yield f'<event><string key="concept:name" value="s{step}"/>{last if number == count - 1 else ""}'
            yield f'<date key="time:timestamp" value="2026-08-0{1 + step}T08:00:00+07:00"/></event>'
        yield "</trace>\n"
    yield "</log>\n"


def test_a_column_is_looked_for_until_it_was_seen(tmp_path: Path) -> None:
    """A typed date is understood whatever the formats say; a name in no event is a mistake with the nearest ones."""
    path = write(tmp_path / "l.xes", "".join(traces(500, '<string key="late" value="U"/>')))
    made, refused, _ = read(path, STEPS)
    assert (len(made), len(refused)) == (2_000, 0)
    assert [one["data"].get("unit") for one in made[-5:]] == [None, "U", "U", "U", "U"]
    assert made[0]["time"] == "2026-08-01T01:00:00.000000Z"
    with pytest.raises(MappingMistakes) as error:
        read(path, STEPS.replace("{late}", "{lat}"))
    assert "m.yaml:8: entries[0].data.unit: The data file has no column 'lat'. → 'late'?" in error.value.text("en")


def test_a_broken_log_gives_what_could_be_read_and_the_damage_is_told(tmp_path: Path) -> None:
    whole = "".join(traces(400)).encode()
    cuts = (whole[: len(whole) // 2], whole[: len(whole) // 2] + b"<x></y>" + whole[len(whole) // 2 :])
    for content in (*cuts, gzip.compress(whole)[:-500]):
        path = tmp_path / "l.xes"
        path.write_bytes(content)
        entries = TableEntries(path, mapping(STEPS.replace(', unit: "{late}"', "")))
        made: list[object] = []
        with pytest.raises(ImportFailed, match="damaged or incomplete"):
            made.extend(entries.items())
        assert len(made) > 500
    # The first trace breaks off after its second event.
    path = write(tmp_path / "l.xes", whole.decode()[: whole.index(b"s2")])
    entries = TableEntries(path, mapping(STEPS.replace(', unit: "{late}"', "")))
    items = entries.items()
    assert isinstance(one := next(items), Prepared)
    assert one.subject == "C0"
    assert next(items)
    with pytest.raises(ImportFailed, match="damaged or incomplete"):
        next(items)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/log.dtd">',
        "<!DOCTYPE log [" + '<!ENTITY a "' + "a" * 900 + '">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdef", "bcdefg", strict=True)) + "]>",
    ],
)  # fmt: skip
def test_nothing_is_fetched_and_no_entity_grows(tmp_path: Path, head: str) -> None:
    body = "<log><trace><string key='a' value='1'/><event><string key='e' value='{}'>&x;</string></event></trace></log>"
    inside = "&g;" if "ENTITY g" in head else "v"
    path = write(tmp_path / "l.xes", head + body.format(inside))
    if inside == "v":
        assert [row["e"] for row in rows(path)] == ["v"]
    else:
        with pytest.raises(ImportFailed, match="damaged"):
            rows(path)


def test_the_permit_log_gives_the_same_entries_as_its_table() -> None:
    """The very same mapping file, the same entries, byte for byte."""
    if not (DATA / "receipt.xes.gz").exists():
        pytest.skip("receipt.xes.gz is not beside the checkout")
    made: dict[str, list[bytes]] = {}
    for name in ("receipt.csv.gz", "receipt.xes.gz"):
        entries = TableEntries(DATA / name, load_mapping(RECEIPT))
        items = list(entries.items())
        assert all(isinstance(item, Prepared) for item in items)
        made[name] = sorted(item.payload for item in items if isinstance(item, Prepared))
        assert (entries.rows, entries.dossiers) == (8_577, 1_434)
    assert made["receipt.xes.gz"] == made["receipt.csv.gz"]
    assert len(made["receipt.xes.gz"]) == 8_577 + 1_434 + 1_329


PEAK = """\
import resource, sys
from pathlib import Path
from motcua.importing.tables.xes import XesRows
print(sum(1 for _ in XesRows(Path(sys.argv[1]), sys.argv[2], None)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("kind", ["event", "dossier"])
def test_memory_is_flat_however_long_the_log(tmp_path: Path, kind: str) -> None:
    peaks = []
    for megabytes in (1, 8):
        path = tmp_path / "l.xes"
        count = megabytes * 1_700
        with path.open("w") as opened:
            opened.writelines(traces(count))
        assert path.stat().st_size > megabytes * 700_000
        words = [sys.executable, "-c", PEAK, str(path), kind]
        told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
        assert int(told[0]) == count * (4 if kind == "event" else 1)
        peaks.append(int(told[1]))
    assert peaks[1] - peaks[0] < 2_048, f"kilobytes: {peaks}"


def test_a_trace_without_end_is_given_in_parts(tmp_path: Path) -> None:
    event = '<event><string key="a" value="{}"/></event>'
    text = "<log><trace><string key='n' value='X'/>" + "".join(event.format(n) for n in range(5_000)) + "</trace></log>"
    made = rows(write(tmp_path / "l.xes", text))
    assert [row["a"] for row in made] == [str(number) for number in range(5_000)]
    assert {row["case:n"] for row in made} == {"X"}


@pytest.mark.parametrize("seed", range(30))
def test_mutations_never_raise_anything_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(LOG.encode())
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(content))
        content[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    path = tmp_path / "l.xes"
    path.write_bytes(gzip.compress(bytes(content)) if seed % 2 else bytes(content))
    for kind in ("event", "dossier"):
        with suppress(ImportFailed):
            read(path, STEPS.replace("row: event", f"row: {kind}").replace(', unit: "{late}"', ""))
