"""The table image: what comes back is what was written, and anything else is ignored."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow import image
from services.metrics.follow.image import load_image, snapshot
from services.metrics.follow.view import View, Watermark
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import Fact
from tests.unit.metrics.build import ZONE, fact, facts, step, unhurried
from tests.unit.metrics.table.test_facts import content

ROWS = [
    fact(
        "a", pauses=((1, 2), (5, 9)), findings="late\nsecond_end", steps=(step(), step("Ký", None)), blame=[(None, 3)]
    ),
    fact("b", offset=4, unit=None, procedure=None, channel=0),
    fact("c", partition=1, offset=2**40, due=7, holders="H1\nH2", former="H3", limit=9, steps=(step(ended=9, over=1),)),
]


def view_of(rows: list[Fact]) -> View:
    view = View(3, 2, ZONE)
    view.table.apply(rows)
    view.marks = {0: Watermark(10, 12, 9, PartitionClock(8, 1_000), 77), 1: Watermark()}
    return view


def test_what_comes_back_is_what_was_written(tmp_path: Path) -> None:
    view = view_of(ROWS)
    snapshot(view)(tmp_path / "e3")
    other = View(3, 2, ZONE)
    assert load_image(other, tmp_path / "e3")
    assert content(other.table) == content(view.table)
    assert other.marks == view.marks
    assert other.table.nbytes < view.table.nbytes
    newer = fact("c", partition=1, offset=2**40 + 1, unit="H99", pauses=((3, 4),))
    assert other.table.apply([*ROWS, newer, fact("d")]) == 2
    view.table.apply([newer, fact("d")])
    assert content(other.table) == content(view.table)


@unhurried
@given(st.lists(facts(beside=True), max_size=3))
def test_any_table_comes_back(rows: list[Fact]) -> None:
    named = [row._replace(code=str(number)) for number, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as folder:
        view = view_of(named)
        snapshot(view)(Path(folder))
        other = View(3, 2, ZONE)
        assert load_image(other, Path(folder))
        assert content(other.table) == content(view.table)


def test_a_snapshot_does_not_see_later_changes(tmp_path: Path) -> None:
    view = view_of(ROWS)
    write = snapshot(view)
    view.table.apply([fact("a", offset=9, unit="H99"), fact("z")])
    view.marks[0].position = 99
    write(tmp_path)
    other = View(3, 2, ZONE)
    load_image(other, tmp_path)
    assert content(other.table) == content(view_of(ROWS).table)
    assert other.marks[0].position == 10


def test_only_the_newest_files_stay(tmp_path: Path) -> None:
    view = view_of(ROWS)
    for _ in range(3):
        snapshot(view)(tmp_path)
    # The manifest; rows of dossiers, petitions and figures; three lists beside the first, two beside the second.
    assert len(list(tmp_path.iterdir())) == 1 + 3 + 3 + 2


def changed_byte(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def manifest_with(**members: Any) -> Callable[[bytes], bytes]:
    return lambda content: json.dumps({**json.loads(content), **members}).encode()


#: Which file is spoilt, and how; None removes it.
DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes] | None]] = {
    "truncated rows": ("dossiers-rows-*", lambda content: content[:-10]),
    "one changed byte": ("dossiers-rows-*", changed_byte),
    "one changed byte in the pauses": ("dossiers-pauses-*", changed_byte),
    "one changed byte in the steps": ("dossiers-steps-*", changed_byte),
    "no blame": ("dossiers-blame-*", None),
    "missing rows": ("dossiers-rows-*", None),
    "missing manifest": ("manifest.json", None),
    "empty manifest": ("manifest.json", lambda _: b""),
    "random manifest": ("manifest.json", lambda _: b"\xff\x00\x01"),
    "manifest of another shape": ("manifest.json", lambda _: b"[]"),
    "manifest without files": ("manifest.json", manifest_with(files={})),
    "odd marks": ("manifest.json", manifest_with(marks={"0": {"offset": 3}})),
    "another declaration": ("manifest.json", manifest_with(form=image.FORM[::-1])),
    "numbered format of before": ("manifest.json", manifest_with(form=4)),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_image_is_ignored(tmp_path: Path, how: str) -> None:
    snapshot(view_of(ROWS))(tmp_path)
    pattern, damage = DAMAGES[how]
    path = next(tmp_path.glob(pattern))
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(path.read_bytes()))
    view = View(3, 2, ZONE)
    assert not load_image(view, tmp_path)
    assert len(view.table) == 0
    assert view.marks == {0: Watermark(), 1: Watermark()}


@pytest.mark.parametrize(
    "other",
    [View(4, 2, ZONE), View(3, 4, ZONE), View(3, 2, ZoneInfo("Europe/Amsterdam"))],
    ids=["epoch", "partitions", "zone"],
)
def test_an_image_of_other_settings_is_ignored(tmp_path: Path, other: View) -> None:
    snapshot(view_of(ROWS))(tmp_path)
    assert not load_image(other, tmp_path)
