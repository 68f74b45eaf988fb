"""The forms an export can have: by a file's name or as asked for, and which of them hold tables or logs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["FORMATS", "Chosen", "Format", "FormatUnknown", "choose"]

Format = Literal["csv", "parquet", "xes", "ocel-json", "ocel-sqlite"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "parquet", "xes", "ocel-json", "ocel-sqlite")

_ENDINGS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".xes": "xes",
    ".jsonocel": "ocel-json",
    ".json": "ocel-json",
    ".sqlite": "ocel-sqlite",
}
_STREAMS: Final = frozenset({"csv", "xes", "ocel-json"})


class FormatUnknown(ValueError):  # noqa: N818  (named by what it tells)
    """Neither the option nor the file's name tells a form that there is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form and whether it is packed with gzip."""

    format: Format
    packed: bool

    @property
    def table(self) -> bool:
        """Whether rows and columns; else a log of dossiers with their entries."""
        return self.format in ("csv", "parquet")

    @property
    def streams(self) -> bool:
        """Whether it can be written from front to back, to standard output for one."""
        return self.format in _STREAMS


def choose(file: str, asked: str | None) -> Chosen:
    """The form of an export.

    Args:
        file: its name; `.gz` at the end packs.
        asked: one of FORMATS, None to go by the name.

    Raises:
        FormatUnknown: there is none, or one that cannot be packed is to be.
    """
    name = file.lower()
    packed = name.endswith(".gz")
    plain = name.removesuffix(".gz")
    found = next((one for ending, one in _ENDINGS.items() if plain.endswith(ending)), None)
    if asked is not None:
        found = next((one for one in FORMATS if one == asked), None)
    if found is None or (packed and found not in _STREAMS):
        raise FormatUnknown(file)
    return Chosen(found, packed)
