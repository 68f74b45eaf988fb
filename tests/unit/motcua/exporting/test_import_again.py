"""An exported process log, brought in again by its own mapping, gives the entries that held, identities and all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from motcua.importing.mapping.load import read_mapping
from motcua.importing.reasons import Refused
from motcua.importing.stream import TableEntries
from shared.instants import to_rfc3339
from tests.unit.motcua.exporting.making import Journal, export, journal, reader, use


@pytest.fixture(scope="module")
def made() -> Journal:
    return journal(seed=9)


async def test_a_log_imported_again_is_the_same_entries(
    made: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, made.topics)
    log, mapping = tmp_path / "log.xes.gz", tmp_path / "log.yaml"
    await export(log, mapping=str(mapping))
    dossiers = [one async for one in reader(tmp_path).dossiers(facts=False)]
    expected = [_told(one) for dossier in dossiers for one in dossier.entries]

    rows = TableEntries(log, read_mapping(mapping.read_bytes(), mapping))
    items = [*rows.items()]
    rows.close()
    assert not [item for item in items if isinstance(item, Refused)]
    found = [orjson.loads(item.payload) for item in items if not isinstance(item, Refused)]
    names = ("subject", "type", "source", "id", "time")
    assert [(*(one[name] for name in names), one.get("sequence", 0), one.get("revision", 0)) for one in found] == [
        one[:-1] for one in expected
    ]
    assert [one["data"] for one in found] == [one[-1] for one in expected]


def _told(one: Any) -> tuple[Any, ...]:
    return (one.subject, one.type, one.source, one.id, to_rfc3339(one.time), one.sequence, one.revision, one.data)
