"""A backup's files: chunks keep exact bytes, the manifest is read as it was written, and damage is found."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.operations.backup.checking import check
from deploy.operations.backup.chunks import Filling, Row, read_chunk
from deploy.operations.backup.comparing import PartitionCheck
from deploy.operations.backup.manifest import MANIFEST, Chunk, Kind, Manifest, by_partition, load, save
from deploy.operations.backup.restoring import readable

KIND = Kind("data", simulated=False, zone="Asia/Ho_Chi_Minh", partitions=2, generation=1, epoch=3)


def rows(count: int, begin: int = 0) -> list[Row]:
    """Records as a broker may have them: no key, no value, headers, bytes that are no text."""
    chance = random.Random(begin)
    return [
        Row(
            begin + number,
            1_700_000_000_000 + number,
            None if number % 7 == 3 else chance.randbytes(5),
            None if number % 11 == 4 else chance.randbytes(chance.randrange(200)),
            (("trace", b"\x00\xff"),) if number % 5 == 0 else (),
        )
        for number in range(count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journal").mkdir()
    (tmp_path / "databases").mkdir()
    return tmp_path


def filled(folder: Path) -> Manifest:
    manifest = Manifest("id", "1", "2026-01-01T00:00:00Z", KIND, complete=True)
    for partition, parts in ((0, (30, 20)), (1, (5,))):
        begin = 0
        for count in parts:
            filling = Filling(folder, partition)
            for row in rows(count, begin):
                filling.add(row)
            chunk = filling.write()
            assert chunk is not None
            manifest = manifest.with_chunk(chunk)
            begin += count
    save(folder, manifest)
    return manifest


def test_records_come_back_as_they_were(folder: Path) -> None:
    manifest = filled(folder)
    assert load(folder) == manifest
    assert readable(folder) == manifest
    assert manifest.ends == {0: 50, 1: 5}
    first, second = by_partition(manifest)[0]
    assert list(read_chunk(folder, first)) == rows(30)
    assert list(read_chunk(folder, second)) == rows(20, 30)
    found = check(folder, lambda *_: None)
    assert (found.records, found.chunks) == (55, 3)


def test_every_flipped_byte_is_found(folder: Path) -> None:
    manifest = filled(folder)
    path = folder / manifest.chunks[0].file
    kept = path.read_bytes()
    for place in range(0, len(kept), max(1, len(kept) // 50)):
        path.write_bytes(kept[:place] + bytes([kept[place] ^ 4]) + kept[place + 1 :])
        with pytest.raises(StackError, match=path.name):
            check(folder, lambda *_: None)
    path.unlink()
    with pytest.raises(StackError, match="cannot be read"):
        check(folder, lambda *_: None)


def test_a_backup_of_before_has_the_cap_of_then(folder: Path) -> None:
    save(folder, Manifest("id", "1", "2026-01-01T00:00:00Z", replace(KIND, entry_cap=1_000, code_forms="national")))
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["kind"].pop("entry_cap") == 1_000
    assert content["kind"].pop("code_forms") == "national"
    path.write_text(json.dumps(content), encoding="utf-8")
    found = load(folder)
    assert found is not None
    assert (found.kind.entry_cap, found.kind.code_forms) == (2_000, "national,old")


def test_a_manifest_with_a_gap_is_refused(folder: Path) -> None:
    manifest = filled(folder)
    save(folder, replace(manifest, chunks=manifest.chunks[1:]))
    with pytest.raises(StackError, match="goes on at 30, not at 0"):
        readable(folder)
    save(folder, replace(manifest, ends={0: 51, 1: 5}))
    with pytest.raises(StackError, match="ends at 50"):
        readable(folder)


def test_what_is_no_backup_is_refused(folder: Path) -> None:
    with pytest.raises(StackError, match="no backup"):
        readable(folder)
    save(folder, Manifest("id", "1", "2026-01-01T00:00:00Z", KIND))
    with pytest.raises(StackError, match="broken off"):
        readable(folder)
    (folder / MANIFEST).write_text(json.dumps({"format": 2}), encoding="utf-8")
    with pytest.raises(StackError, match="another form"):
        readable(folder)
    (folder / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(StackError, match="cannot be read"):
        readable(folder)


@pytest.mark.parametrize("end", [0, 1, 29, 30, 31, 50])
def test_a_partition_is_compared_as_far_as_it_goes(folder: Path, end: int) -> None:
    chunks = by_partition(filled(folder))[0]
    there = [*rows(30), *rows(20, 30)][:end]
    same = PartitionCheck(folder, 0, chunks)
    for row in there:
        same.add(row)
    same.close(end)
    if there:
        changed = [*there[:-1], replace(there[-1], value=b"other")]
        with pytest.raises(StackError, match="not the backup's"):
            _compare(folder, chunks, changed, end)
    with pytest.raises(StackError, match="not the backup's"):
        _compare(folder, chunks, there, end + 1)


def test_more_than_the_backup_holds_is_not_the_backups(folder: Path) -> None:
    chunks = by_partition(filled(folder))[1]
    with pytest.raises(StackError, match="from record 5 on"):
        _compare(folder, chunks, rows(6), 6)


def _compare(folder: Path, chunks: list[Chunk], there: list[Row], end: int) -> None:
    checking = PartitionCheck(folder, 0, chunks)
    for row in there:
        checking.add(row)
    checking.close(end)
