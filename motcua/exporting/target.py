"""Where an export goes: a file that appears whole or not at all, or a stream. Knows no format."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

__all__ = ["STDOUT", "folder_of", "stream", "whole_file"]

#: The name that stands for standard output.
STDOUT = "-"


def folder_of(file: str) -> Path:
    """Where there is room for what an export puts on disk meanwhile: beside the file."""
    return Path(tempfile.gettempdir()) if file == STDOUT else Path(file).absolute().parent


@contextmanager
def whole_file(file: str) -> Iterator[Path]:
    """A path beside the file to write to; it becomes the file at the end, and vanishes when anything fails.

    Raises:
        OSError: it cannot be written.
    """
    path = Path(file).absolute()
    number, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    os.close(number)
    part = Path(name)
    try:
        yield part
        # What mkstemp made is for the owner alone; an export is as other new files.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def stream(file: str, *, packed: bool) -> Iterator[BinaryIO]:
    """A stream to the file or to standard output, packed with gzip where wanted.

    Raises:
        OSError: it cannot be written.
    """
    if file == STDOUT:
        with _packed(sys.stdout.buffer, packed=packed) as out:
            yield out
        sys.stdout.buffer.flush()
        return
    with whole_file(file) as part, part.open("wb", buffering=1 << 18) as raw, _packed(raw, packed=packed) as out:
        yield out


@contextmanager
def _packed(raw: BinaryIO, *, packed: bool) -> Iterator[BinaryIO]:
    if not packed:
        yield raw
        return
    # No name and no time in the head: the same content gives the same bytes.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as out:
        yield cast("BinaryIO", out)
