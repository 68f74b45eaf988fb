"""The populations: how the facts of their cases are derived, and what their events are called. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from services.processing import indicators, petitions
from services.processing.facts.announcements import Announcement
from services.processing.facts.derive import derive
from services.processing.facts.reference import Reference
from services.processing.facts.row import encoder
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct
from shared.populations import fact as declaration
from shared.populations.dossiers import DOSSIERS
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS

__all__ = ["POPULATIONS", "CaseFacts", "Population"]


class CaseFacts(Protocol):
    """What the engine asks of the facts of a case, whatever they tell beside. Instants in UTC microseconds.

    `to_announce` is what becomes true of due instants and from which clock on, `rejections` are entries without effect,
    `findings` are (code, source, id), `ended_at` is the end for reference data, `due` the due instant now. `held` are
    the entries that hold; `beyond` identities (source, id) whose received entries are counted apart, since their
    senders may not act.
    """

    @property
    def to_announce(self) -> Sequence[tuple[int, Announcement]]: ...  # noqa: D102
    @property
    def rejections(self) -> Sequence[RejectedAct]: ...  # noqa: D102
    @property
    def findings(self) -> Sequence[tuple[str, str, str]]: ...  # noqa: D102
    @property
    def ended_at(self) -> int | None: ...  # noqa: D102
    @property
    def due(self) -> int | None: ...  # noqa: D102
    @property
    def held(self) -> Sequence[EntryRecord]: ...  # noqa: D102
    @property
    def beyond(self) -> Collection[tuple[str, str]]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Population:
    """A kind of cases.

    Attributes:
        name: its name.
        event: the type of the lifecycle event that carries a row.
        derive: the facts of a case from its code, its distinct entries in canonical order, and the reference data.
        row_of: the row of such facts as a JSON-able dict, with the list `findings`.
        capped: whether a case may have only so many entries.
    """

    name: str
    event: str
    derive: Callable[[str, Sequence[EntryRecord], Reference], Any]
    row_of: Callable[[Any], dict[str, Any]]
    capped: bool = True


def _declared(
    declared: declaration.Population,
    derive: Callable[[str, Sequence[EntryRecord], Reference], Any],
    *,
    capped: bool = True,
) -> Population:
    """A population as it is declared, with what derives its cases."""
    return Population(declared.name, declared.event, derive, encoder(declared.facts), capped)


#: By name.
POPULATIONS: Final[dict[str, Population]] = {
    one.name: one
    for one in (
        _declared(DOSSIERS, derive),
        _declared(PETITIONS, petitions.derive),
        _declared(INDICATORS, indicators.derive, capped=False),
    )
}
