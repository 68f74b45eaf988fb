"""Ids of the objects of an object-centric log, and the units and procedures that relations name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.exporting.logs.ocel import Change, Object, Relation

__all__ = ["Named"]

#: Objects that are there since something names them; dossiers and steps are written by themselves.
_KINDS = ("procedure", "unit")


class Named:
    """Collects the units and procedures that relations name: as many as there are of them, whatever the log's size."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def see(self, relations: Iterable[Relation]) -> None:
        """Remember what is named."""
        self._ids.update(one.object for one in relations if one.object.startswith(_KINDS))

    def objects(self, *, simulated: bool) -> Iterator[Object]:
        """An object for each, by their ids."""
        for one in sorted(self._ids):
            kind, _, code = one.partition(":")
            plain = code.replace("%2F", "/").replace("%25", "%")
            yield Object(one, kind, [Change("code", plain), Change("simulated", simulated)])
