"""Files of a simulation: entries and truth as lines, plain or gzipped, the same bytes for the same lines."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import orjson

from simulator.truth.truth import FORMAT

__all__ = ["TruthError", "read_truth", "truth_writer", "write_lines"]


class TruthError(Exception):
    """A file is no truth file, or one cut off; the message names file and line."""


@contextmanager
def write_lines(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, gzipped where its name says so; it takes its name when it is whole."""
    unfinished = path.with_name(f"{path.name}.part")
    with ExitStack() as stack:
        out: IO[bytes] = stack.enter_context(unfinished.open("wb"))
        if path.suffix == ".gz":
            # Without name and time, so that equal contents are equal files.
            packed = gzip.GzipFile("", "wb", 6, out, mtime=0)
            stack.callback(packed.close)
            out = cast("IO[bytes]", packed)
        yield out
    unfinished.replace(path)


@contextmanager
def truth_writer(path: Path | None) -> Iterator[Callable[[dict[str, Any]], None] | None]:
    """Takes the lines of a truth file; None where none is wanted."""
    if path is None:
        yield None
        return
    with write_lines(path) as out:

        def take(line: dict[str, Any]) -> None:
            out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

        yield take


def read_truth(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a truth file, head first and end last.

    Raises:
        TruthError: the file cannot be read, is of another form or version, or is cut off.
    """
    last = None
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            lines: Iterable[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw
            for number, text in enumerate(lines, 1):
                line = orjson.loads(text)
                if number == 1 and (line.get("line"), line.get("format")) != ("head", FORMAT):
                    raise TruthError(f"{path}:1: this is no truth file of this version")
                last = line["line"]
                yield line
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TruthError(f"{path}: cannot be read ({error})") from error
    if last != "end":
        raise TruthError(f"{path}: is cut off; write it again")
