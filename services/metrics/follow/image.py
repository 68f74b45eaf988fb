"""The table image: a view on disk, so that a restart reads only what came since. Parquet files and a manifest.

The manifest is replaced in one step and names its files with their digests; an image that is damaged, of another format
or of other settings is ignored, and everything is read from the topic. Knows no topic and no figure.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from services.metrics.follow.view import View, Watermark
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import Table, tables
from shared.logging import get_logger
from shared.populations.all import POPULATIONS

__all__ = ["FORM", "load_image", "snapshot"]

_log = get_logger("metrics.image")

#: Of everything the tables hold: by another declaration an image is another, and an older one is read anew.
FORM: Final = hashlib.sha256("".join(population.digest for population in POPULATIONS).encode()).hexdigest()


def snapshot(view: View) -> Callable[[Path], None]:
    """Copy a view, and return what writes the copy to a directory. Call it inside `View.exclusive`.

    The returned function takes as long as the disk does and may run in any thread; it raises OSError.
    """
    frames: dict[str, dict[str, Any]] = {}
    words: dict[str, list[str | None]] = {}
    for name, table in view.tables.items():
        frames[f"{name}-rows"] = {"code": list(table.codes), **table.copy_columns()}
        frames |= {f"{name}-{of}": held.copy() for of, held in table.lists.items()}
        words |= {word: list(held.values[1:]) for word, held in table.words.items()}
    manifest = {
        "form": FORM,
        "epoch": view.epoch,
        "zone": view.zone.key,
        "partitions": len(view.marks),
        "marks": {
            str(partition): {**asdict(mark), "clock": None if mark.clock is None else list(mark.clock)}
            for partition, mark in view.marks.items()
        },
        "words": words,
    }

    def write(directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        token = secrets.token_hex(8)
        try:
            manifest["files"] = {
                name: _write_frame(pl.DataFrame(frame), directory / f"{name}-{token}.parquet")
                for name, frame in frames.items()
            }
            _replace(directory / "manifest.json", orjson.dumps(manifest), token)
        except OSError:
            # On a full disk each attempt would leave less room than the one before.
            for part in directory.glob(f"*{token}*"):
                part.unlink(missing_ok=True)
            raise
        for old in directory.glob("*.parquet"):
            if token not in old.name:
                old.unlink(missing_ok=True)

    return write


def load_image(view: View, directory: Path) -> bool:
    """Fill an empty view from an image; False, with the reason logged, if there is none that fits."""
    try:
        held, marks = _read(view, directory)
    except FileNotFoundError:
        _log.info("no table image, reading the topic from its beginning", epoch=view.epoch)
        return False
    except (OSError, ValueError, TypeError, LookupError, AttributeError, pl.exceptions.PolarsError) as error:
        _log.warning("table image ignored, reading the topic from its beginning", reason=str(error)[:200])
        return False
    view.take(held, marks)
    _log.info("table image loaded", epoch=view.epoch, rows=sum(map(len, held.values())))
    return True


def _read(view: View, directory: Path) -> tuple[dict[str, Table], dict[int, Watermark]]:
    manifest = orjson.loads((directory / "manifest.json").read_bytes())
    expected = {"form": FORM, "epoch": view.epoch, "zone": view.zone.key, "partitions": len(view.marks)}
    found = {key: manifest.get(key) for key in expected}
    if found != expected:
        raise ValueError(f"made for {found}, not {expected}")
    held = tables(view.zone)
    for name, table in held.items():
        for word, values in table.words.items():
            if len(values) == 1:
                values.numbers(manifest["words"][word])
        beside = {}
        for of, runs in table.lists.items():
            frame = _read_frame(directory, manifest["files"][f"{name}-{of}"])
            beside[of] = {column: frame[column].to_numpy() for column in runs.names}
        rows = _read_frame(directory, manifest["files"][f"{name}-rows"])
        columns = {column: rows[column].to_numpy() for column in table.columns}
        table.restore(rows["code"].to_list(), columns, beside)
    return held, {int(partition): _mark(**mark) for partition, mark in manifest["marks"].items()}


def _mark(clock: list[int] | None, **fields: Any) -> Watermark:
    return Watermark(clock=None if clock is None else PartitionClock(*clock), **fields)


def _write_frame(frame: pl.DataFrame, path: Path) -> dict[str, str]:
    try:
        frame.write_parquet(path, compression="lz4", statistics=False)
    except pl.exceptions.PolarsError as error:
        # A full disk is a ComputeError to it.
        raise OSError(f"{path.name}: {error}") from error
    _sync(path)
    return {"name": path.name, "sha256": _digest(path)}


def _read_frame(directory: Path, file: dict[str, str]) -> pl.DataFrame:
    path = directory / Path(file["name"]).name
    if _digest(path) != file["sha256"]:
        raise ValueError(f"{path.name} is damaged")
    return pl.read_parquet(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, content: bytes, token: str) -> None:
    """Replace a file in one step: whoever reads sees the old content or the new one, also after a power cut."""
    temporary = path.with_name(f"{path.name}.{token}")
    temporary.write_bytes(content)
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
