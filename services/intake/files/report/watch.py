"""Looks at each entry that a file gives, for what the report tells of the file as a whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.files.report.notebook import Notebook

__all__ = ["Watch"]


class Watch:
    """Sees every entry once, in the order of the file.

    Args:
        notebook: where it notes what it sees.
    """

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def see(self, type_: str, data: Mapping[str, Any] | None, line: int, *, retyped: bool) -> None:
        """An entry that the contract takes.

        Args:
            type_: its type.
            data: its data; None withdraws.
            line: the place of its row.
            retyped: whether some of its texts were brought to normal form.
        """
        if retyped:
            self._notebook.count("texts_retyped", line)
        if type_ == "dossier.accepted" and data is not None and data.get("promised_due") is None:
            self._notebook.count("promise_missing", line)
