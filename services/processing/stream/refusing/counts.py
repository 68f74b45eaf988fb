"""Counts entries that became not entitled, by source, and dossiers that became contested. Decides nothing."""

from __future__ import annotations

from services.processing.engine import CaseState, RejectedAct
from services.processing.facts.refusals import NOT_ENTITLED
from shared.catalogue.base import Meters
from shared.catalogue.bounded import FirstNames
from shared.logging import get_logger

__all__ = ["Counts"]

_log = get_logger("processing.refusing")


class Counts:
    """The counts of one process.

    Args:
        meters: the service's metrics.
    """

    def __init__(self, meters: Meters) -> None:
        self._refused = meters.counter("motcua_processing_not_entitled_total")
        self._contested = meters.counter("motcua_processing_contested_total")
        self._sources = FirstNames()

    def tell(self, before: CaseState | None, after: CaseState) -> None:
        """Count what a case's new state has that the one before it had not."""
        if after.rejected:
            known = set() if before is None else {_identity(act) for act in before.rejected}
            for act in after.rejected:
                if act.code == NOT_ENTITLED and _identity(act) not in known:
                    self._refused.labels(self._sources.label(act.source)).inc()
                    _log.warning("an entry is not entitled", case=after.key, source=act.source, id=act.id)
        for what in after.contested:
            if before is None or what not in before.contested:
                self._contested.labels(what).inc()
                _log.warning("several claim the same", case=after.key, finding=what)


def _identity(act: RejectedAct) -> tuple[str, str, str]:
    return act.code, act.source, act.id
