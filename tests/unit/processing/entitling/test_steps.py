"""Who may act on a step: the dossier's, its owner, its holder, and for handing on the holder of one next to it."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.engine import Reference
from tests.unit.processing.entitling.acts import OWNER, STRANGER, by, findings, play, rejected
from tests.unit.processing.known import knowing, route
from tests.unit.processing.story import CODE

Json = dict[str, Any]
A, B, C = "H50", "H51", "H52"
PROCEDURE = "1.000001"
ROUTE = knowing(
    route(
        {"step": "receive", "role": "counter", "budget": 60},
        {"step": "check", "unit": A, "budget": 60},
        {"step": "sign", "unit": B, "budget": 60},
        {"step": "file", "unit": C, "budget": 60},
    )
)
WITHOUT = knowing()
ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, procedure=PROCEDURE, id_="a")
RECEIVED = by(OWNER, "step.completed", "11-16 10:00", step="receive")
CHECKED = by(A, "step.completed", "11-16 11:00", step="check")
GIVEN = by(OWNER, "step.assigned", "11-16 10:00", step="check", unit=A)
RESOLVED = by(OWNER, "resolved", "11-16 11:00")


def act(unit: str, kind: str, step: str, time: str = "11-16 14:00", /, **data: Any) -> Json:
    return by(unit, f"step.{kind}", time, step=step, id_="x", **data)


@pytest.mark.parametrize(
    ("reference", "given", "entry", "entitled"),
    [
        (ROUTE, [RECEIVED], act(A, "completed", "check"), True),
        (ROUTE, [RECEIVED], act(OWNER, "completed", "check"), True),
        (ROUTE, [RECEIVED], act(STRANGER, "completed", "check"), False),
        (ROUTE, [RECEIVED], act(B, "completed", "check"), False),
        # Out of its turn it is its owner's all the same.
        (ROUTE, [RECEIVED], act(B, "completed", "sign"), True),
        # Who holds a step hands the next one on, and sends back the one before.
        (ROUTE, [RECEIVED], act(A, "assigned", "sign", unit=STRANGER), True),
        (ROUTE, [RECEIVED, CHECKED], act(B, "sent_back", "check"), True),
        (ROUTE, [RECEIVED, CHECKED], act(B, "sent_back", "sign", to="check"), True),
        (ROUTE, [RECEIVED], act(A, "assigned", "file", unit=STRANGER), False),
        (ROUTE, [RECEIVED], act(STRANGER, "assigned", "sign", unit=STRANGER), False),
        (ROUTE, [RECEIVED], act(STRANGER, "sent_back", "check"), False),
        # What is not in the route goes by any step under way, but is done by who has it.
        (ROUTE, [RECEIVED], act(A, "assigned", "extra", unit=STRANGER), True),
        (ROUTE, [RECEIVED], act(A, "completed", "extra"), False),
        (WITHOUT, [], act(A, "assigned", "check", unit=A), False),
        (WITHOUT, [GIVEN], act(A, "completed", "check"), True),
        (WITHOUT, [GIVEN], act(A, "assigned", "sign", unit=STRANGER), True),
        # Outside acceptance and finish: the owner by the route, and whoever had the step.
        (ROUTE, [RECEIVED], act(A, "completed", "check", "11-15 09:00"), True),
        (ROUTE, [RECEIVED], act(STRANGER, "completed", "check", "11-15 09:00"), False),
        (WITHOUT, [GIVEN, RESOLVED], act(A, "completed", "check"), True),
        (WITHOUT, [RESOLVED], act(A, "completed", "check"), False),
    ],
)
def test_who_may_act_on_a_step(reference: Reference, given: list[Json], entry: Json, *, entitled: bool) -> None:
    partition = play(ACCEPTED, *given, entry, reference=reference)
    row = partition.rows[CODE]
    assert rejected(partition) == ([] if entitled else ["x"])
    if not entitled:
        alone = play(ACCEPTED, *given, reference=reference).rows[CODE]
        told = row["rejections"][0]
        assert (told["step"], told["unit"], told["owner"]) == (entry["data"]["step"], entry["data"].get("unit"), OWNER)
        assert findings(partition) == ["not_entitled x"]
        same = {name: row[name] for name in ("findings", "rejections", "entries")}
        assert alone | same == row


def test_an_act_that_was_not_entitled_does_not_say_from_when_another_step_was_held() -> None:
    done = by(OWNER, "step.completed", "11-16 15:00", step="sign", unit=OWNER)
    partition = play(ACCEPTED, act(A, "completed", "check"), done, reference=WITHOUT)
    assert partition.rows[CODE]["steps"] == play(ACCEPTED, done, reference=WITHOUT).rows[CODE]["steps"]


def test_who_does_not_own_a_step_is_asked_after_who_may_act() -> None:
    named = act(OWNER, "completed", "check", unit=OWNER)
    stranger = act(STRANGER, "completed", "check", unit=STRANGER)
    for entry, code, owner in ((named, "not_the_owner", A), (stranger, "not_entitled", OWNER)):
        told = play(ACCEPTED, RECEIVED, entry, reference=ROUTE).rows[CODE]["rejections"]
        assert [(one["code"], one["owner"]) for one in told] == [(code, owner)]
