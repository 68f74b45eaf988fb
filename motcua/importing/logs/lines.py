"""On which lines of a log its events and traces begin. Knows nothing of what is in them.

The parser that reads the rows counts lines to 65,535 only; where a later one is to be told, the file is read again
beside it by a parser that counts on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.source import DataFile, reading

__all__ = ["Lines"]

#: The greatest line that lxml tells; it stands for all later ones.
_LAST_TOLD: Final = 65_535
_CHUNK: Final = 1 << 16
_COUNTED: Final = frozenset({"event", "trace"})


class Lines:
    """The lines of a log's events and traces, asked for in the order in which these end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ended = 0
        self._begun: Iterator[int] | None = None

    def line(self, ended: int, told: int) -> int:
        """The line on which an element begins.

        Args:
            ended: how many events and traces have ended with it.
            told: the line the parser of the rows tells.
        """
        if told < _LAST_TOLD:
            return told
        if self._begun is None:
            self._begun = _begun(self._path)
        line = told
        while self._ended < ended:
            self._ended += 1
            line = next(self._begun, told)
        return line


def _begun(path: Path) -> Iterator[int]:
    """The first line of each event and trace, in the order in which they end; stops at the first damage."""
    parser = expat.ParserCreate(namespace_separator=" ")
    open_: list[int] = []
    ended: deque[int] = deque()

    def started(name: str, _attributes: object) -> None:
        if name.rpartition(" ")[2] in _COUNTED:
            open_.append(parser.CurrentLineNumber)

    def finished(name: str) -> None:
        if name.rpartition(" ")[2] in _COUNTED:
            ended.append(open_.pop())

    parser.StartElementHandler, parser.EndElementHandler = started, finished
    data = DataFile(path)
    try:
        chunk = b"-"
        while chunk:
            with reading(path):
                chunk = data.content.read(_CHUNK)
            parser.Parse(chunk, not chunk)
            while ended:
                yield ended.popleft()
    except (expat.ExpatError, ImportFailed, ValueError, LookupError):
        # Damage, and an encoding that only the other parser knows: the reading of the rows tells, or goes on.
        yield from ended
    finally:
        data.close()
