"""An entry that costs much to derive is counted, and told by partition and offset, never by more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from services.processing.runtime import Runtime
from services.processing.settings import ProcessingSettings
from services.processing.stream.checkpoint import Checkpoint
from services.processing.stream.desk import Desk
from services.processing.stream.handling import Handling
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.costs import CostWatch
from shared.reference import EMPTY
from tests.unit.processing.stream.build import PARTITIONS, REFERENCE, accepted, code_in, record


class _Desk:
    """Dossiers of which none is known, and what goes out of them."""

    def __init__(self) -> None:
        self.writer = self.references = SimpleNamespace(waiting_bytes=0)
        self.absent: set[str] = set()
        self.put_codes: list[str] = []

    async def load(self, _codes: list[str]) -> None:
        pass

    async def find(self, _code: str) -> None:
        return None

    def put(self, _held: None, outcome: Any, *_rest: Any, **_more: Any) -> None:
        self.put_codes.append(outcome.state.code)


@pytest.mark.parametrize(("costly", "count"), [(1e-9, 3), (3.6e6, 0)])
async def test_it_is_told_by_its_place_once_and_counted_each_time(costly: float, count: int) -> None:
    meters, desk = Meters(SPECS), _Desk()
    settings = ProcessingSettings(costly_ms=costly)
    runtime = SimpleNamespace(settings=settings, partitions=PARTITIONS, reference=REFERENCE, meters=meters)
    begun = Checkpoint(0, None, None, None, "", PARTITIONS, EMPTY.version)
    handling = Handling(cast("Runtime", runtime), 1, begun, EMPTY, cast("Desk", desk))
    codes = [code_in(1, nth) for nth in range(3)]
    with capture_logs() as logs:
        await handling.handle([record(accepted(code, code), 7 + place) for place, code in enumerate(codes)])
    assert desk.put_codes == codes
    told = meters.registry.get_sample_value("motcua_processing_costly_entries_total", {"partition": "1"})
    assert told == count
    assert [(each["partition"], each["offset"]) for each in logs] == [(1, 7)][:count]
    assert not any(code in str(each) for each in logs for code in codes)


def test_the_log_says_how_many_others_there_were() -> None:
    now = cost = 0.0
    counted: list[int] = []
    watch = CostWatch(0.1, "costly", lambda: now, lambda: cost)
    with capture_logs() as logs:
        for offset in range(10):
            now += 10.0
            with watch.of(1, lambda: counted.append(1), offset=offset):
                cost += 0.2 if offset % 2 else 0.01
    assert len(counted) == 5
    assert [(each["offset"], each["others"]) for each in logs] == [(1, 0), (7, 2)]
