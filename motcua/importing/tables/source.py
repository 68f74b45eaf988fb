"""Opens a data file, plain or gzipped, and tells how far it was read. Knows nothing of what is in it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from motcua.importing.reasons import ImportFailed

__all__ = ["DataFile", "reading"]

_GZIP = b"\x1f\x8b"


class DataFile:
    """A file of rows or lines.

    Raises:
        ImportFailed: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._raw = path.open("rb")
            self.size = path.stat().st_size
        except OSError as error:
            raise ImportFailed("file_away", file=str(path), reason=error.strerror or str(error)) from error
        magic = self._raw.read(2)
        self._raw.seek(0)
        #: Whether the file is gzipped.
        self.packed = magic == _GZIP
        #: The content, decompressed.
        self.content: BinaryIO = (
            cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if self.packed else cast("BinaryIO", self._raw)
        )

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._raw.tell()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self.content.close()
        self._raw.close()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file's bytes are read into a sentence.

    Raises:
        ImportFailed: the file is damaged, cut short, or went away.
    """
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ImportFailed("file_broken", file=str(path), reason=str(error)) from error
    except OSError as error:
        raise ImportFailed("file_away", file=str(path), reason=error.strerror or str(error)) from error
