"""Refusals of who asks: what is missing is named, counted, and told in the log once a minute."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI, Request

from shared.access.bearer import Bearer
from shared.access.rights import Right, roles_with
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem
from shared.seldom import Seldom

__all__ = ["count_refusal", "lacking", "right_missing", "watch_refusals"]

_METRIC: Final = "motcua_access_refused_total"
#: What a refusal that names no right is for, by its code.
_WHY: Final = {
    "key_missing": "key",
    "key_unknown": "key",
    "sender_disabled": "disabled",
    "source_not_granted": "source",
    "unit_not_granted": "unit",
    "unit_not_readable": "unit",
}
_log = get_logger("access")
_seldom: Final = Seldom(60.0, time.monotonic)


def right_missing(*rights: Right) -> Problem:
    """The refusal of a key that has none of some rights."""
    return Problem(
        403,
        "right_missing",
        right=", ".join(rights),
        roles=", ".join(roles_with(rights)),
        extra={"rights": list(rights)},
    )


def lacking(problem: Problem) -> Sequence[str]:
    """What somebody is refused for: rights of which one is missing; `key`, `disabled`, `source` or `unit`."""
    rights = problem.extra.get("rights")
    if isinstance(rights, list):
        return rights
    return (_WHY.get(problem.code, problem.code),)


def count_refusal(meters: Meters, bearer: Bearer | None, problem: Problem, where: str) -> None:
    """Count a refusal, once, and tell it in the log once a minute.

    Args:
        meters: of the service.
        bearer: who asked; None where the key is missing, nobody's, or disabled.
        problem: what was answered.
        where: the pattern of the address, never the address itself; or what was refused.
    """
    if problem.counted:
        return
    problem.counted = True
    reason = ",".join(lacking(problem))
    meters.counter(_METRIC).labels(reason).inc()
    name = problem.value if bearer is None and problem.code == "sender_disabled" else bearer and bearer.name
    others = _seldom.due((name, reason, where))
    if others is not None:
        _log.warning("refused", bearer=name, missing=reason, where=where, others=others)


def watch_refusals(app: FastAPI, meters: Meters) -> None:
    """Have every 401 and 403 that an application answers counted and told (shared/problems/problem.py calls it)."""

    def refused(request: Request, problem: Problem) -> None:
        where = str(getattr(request.scope.get("route"), "path", "?"))
        count_refusal(meters, getattr(request.state, "bearer", None), problem, where)

    app.state.refused = refused
