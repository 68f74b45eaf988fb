"""A full disk costs a table image and nothing else: no rubbish stays, and there is one once there is room."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from services.metrics.follow.epochs import Epochs
from services.metrics.follow.image import load_image, snapshot
from services.metrics.follow.view import View
from services.metrics.settings import MetricsSettings
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.clock import FixedClock
from shared.upkeep.loops import Loops
from tests.small_disk import fill, small_disk
from tests.unit.metrics.build import ZONE
from tests.unit.metrics.follow.test_image import ROWS, view_of


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder on a full disk, and what makes room there: a real one where one can be mounted."""
    folder = tmp_path / "disk"
    with contextlib.ExitStack() as stack:
        if stack.enter_context(small_disk(folder, 1)):
            filler = fill(folder)
            yield folder, filler.unlink
            return

        def refuse(_frame: pl.DataFrame, path: Path, **_: Any) -> None:
            path.write_bytes(b"half")
            raise pl.exceptions.ComputeError("No space left on device (os error 28)")

        with monkeypatch.context() as patched:
            patched.setattr(pl.DataFrame, "write_parquet", refuse)
            yield folder, patched.undo


def test_a_full_disk_is_an_os_error_and_leaves_no_rubbish(full: tuple[Path, Callable[[], None]]) -> None:
    folder, make_room = full
    view = view_of(ROWS)
    with pytest.raises(OSError, match="No space left"):
        snapshot(view)(folder)
    assert list(folder.glob("rows*")) == []
    make_room()
    snapshot(view)(folder)
    assert load_image(View(3, 2, ZONE), folder)


async def test_the_image_is_written_once_there_is_room(full: tuple[Path, Callable[[], None]]) -> None:
    folder, make_room = full
    meters, clock = Meters(SPECS), FixedClock(1)
    settings = MetricsSettings(image_dir=folder)
    epochs = Epochs(settings, meters, clock, lambda *_: None, flipped=lambda: None, loops=Loops(meters))
    view = view_of(ROWS)
    view.since_image = 3
    view.caught_up.set()
    epochs.live = SimpleNamespace(view=view)  # type: ignore[assignment]
    await epochs.write_image()
    assert meters.registry.get_sample_value("motcua_metrics_image_failures_total") == 1
    assert view.since_image == 3
    await epochs.stop()
    make_room()
    await epochs.write_image()
    assert view.since_image == 0
    assert load_image(View(3, 2, ZONE), folder / "e3")
