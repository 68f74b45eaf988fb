"""Whether a backup's journal has entries with grants, wherever in it they are."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest

from deploy.operations.backup.chunks import Filling, Row
from deploy.operations.backup.grants import has_grants
from deploy.operations.backup.manifest import Kind, Manifest
from services.intake.admission.admit import admit
from tests.unit.intake.parts import NOW, REAL, body, entry, grant

KIND = Kind("live", simulated=False, zone="Asia/Ho_Chi_Minh", partitions=2, generation=1, epoch=1)
#: As it stood before grants; and one that only speaks of them.
OF_BEFORE = json.dumps(entry(sender="s")).encode()
SPEAKING = orjson.dumps(entry(id='"grant":"[]"', source='x","grant":"'))
GRANTED = admit(body(data=None), grant(units=[]), REAL, NOW).value


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], False),
        ([[None, b"\xff", OF_BEFORE, SPEAKING], [OF_BEFORE]], False),
        ([[OF_BEFORE, GRANTED], [OF_BEFORE]], True),
        ([[OF_BEFORE], [None, GRANTED]], True),
    ],
)
def test_they_are_found_in_any_chunk(tmp_path: Path, values: list[list[bytes | None]], *, found: bool) -> None:
    (tmp_path / "journal").mkdir()
    manifest = Manifest("id", "1", "2026-01-01T00:00:00Z", KIND, complete=True)
    begin = 0
    for part in values:
        filling = Filling(tmp_path, 0)
        for offset, value in enumerate(part, start=begin):
            filling.add(Row(offset, 1_700_000_000_000 + offset, b"k", value))
        chunk = filling.write()
        assert chunk is not None
        manifest = manifest.with_chunk(chunk)
        begin += len(part)
    assert has_grants(tmp_path, manifest) is found
