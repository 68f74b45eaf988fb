"""Looks at each entry that a file gives, for what the report tells of the file as a whole. Pure.

Takes two numbers of each dossier's place in a table, and a little for each of the first thousands of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from motcua.importing.report.names import Names
from motcua.importing.report.notebook import Notebook
from motcua.importing.seen import Seen

__all__ = ["WATCHED", "Watch"]

#: What ends a dossier that was accepted; one dated before the acceptance counts at the acceptance (docs/rules.md).
_ENDS: Final = frozenset({"dossier.resolved", "dossier.returned", "dossier.withdrawn", "dossier.stopped"})
_ACCEPTANCE, _END = 0, 1
#: Numbers that it keeps at each dossier's place.
WATCHED: Final = 2
#: Instants before 1970 are negative; kept numbers are not, and zero is nothing.
_BIAS: Final = 1 << 62


class Watch:
    """Sees every entry once, in the order of the file.

    Args:
        notebook: where it notes what it sees.
        table: the table of the dossiers.
        first: the first of the `WATCHED` numbers there that are its own.
    """

    def __init__(self, notebook: Notebook, table: Seen, first: int = 0) -> None:
        self._notebook = notebook
        self._times = table
        self._first = first
        #: Units and procedures that entries name.
        self.names = Names()

    def see(
        self, type_: str, place: int, time: int, data: Mapping[str, Any] | None, line: int, *, retyped: bool
    ) -> None:
        """An entry that the contract takes.

        Args:
            type_: its type.
            place: the dossier's place in the table; any number where it is about none.
            time: its instant, UTC microseconds.
            data: its data; None withdraws.
            line: the place of its row.
            retyped: whether some of its texts were brought to normal form.
        """
        if retyped:
            self._notebook.count("texts_retyped", line)
        if data is None:
            return
        self.names.see(type_, data)
        if type_ == "dossier.accepted":
            if data.get("promised_due") is None:
                self._notebook.count("promise_missing", line)
            self._compare(place, _ACCEPTANCE, time, line)
        elif type_ in _ENDS:
            self._compare(place, _END, time, line)

    def _compare(self, place: int, which: int, time: int, line: int) -> None:
        """Note the earliest acceptance and end of a dossier; tell once that the end is the earlier."""
        times, moment, first = self._times, time + _BIAS, self._first
        acceptance, end = times.number(place, first + _ACCEPTANCE), times.number(place, first + _END)
        before = 0 < end < acceptance
        held = end if which == _END else acceptance
        if held and held <= moment:
            return
        times.keep(place, first + which, moment)
        after = 0 < moment < acceptance if which == _END else 0 < end < moment
        if after and not before:
            self._notebook.count("ends_before_start", line)
        elif before and not after:
            self._notebook.discount("ends_before_start")
