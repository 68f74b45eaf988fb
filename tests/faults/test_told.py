"""What an agency believes after messages and answers is held against the newest rows: each way to be wrong is found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.told import Told, agency_differences, answer_differences

UNIT, DUE = "H44.02", "2024-04-10T10:00:00.000000Z"
TASK = f"task A check 1 {UNIT}"
STEP = {"step": "check", "unit": UNIT, "planned": True, "outcome": None, "due": DUE, "budget": 60}
BREACH = {"kind": "breach", "due": DUE, "at": DUE}
NOTICE = f"notice A breach dossier - - {DUE} - {UNIT}"


def told(*steps: dict[str, Any], happened: tuple[dict[str, Any], ...] = (), **row: Any) -> Told:
    return Told({"A": {"code": "A", "steps": list(steps)} | row}, {"A": list(happened)})


def task(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": f"task.{kind}", "data": {"task": TASK, "due": DUE, "budget": 60} | data}


def notice(kind: str) -> dict[str, Any]:
    data = {"notice": NOTICE, "dossier": "A", "kind": "breach", "of": "dossier", "due": DUE}
    return {"type": f"notice.{kind}", "data": data}


@pytest.mark.parametrize(
    ("messages", "of"),
    [
        ([task("assigned")], told(STEP)),
        ([task("assigned", budget=30), task("changed")], told(STEP)),
        ([task("assigned"), task("closed")], told(STEP | {"outcome": "completed"})),
        ([task("assigned"), task("cancelled"), task("assigned")], told(STEP)),
        ([], told(STEP, finished_at=DUE)),
        ([], told(STEP | {"unit": "H44.01"})),
        ([notice("given")], told(happened=(BREACH,))),
        ([notice("given"), notice("cancelled")], told()),
    ],
)
def test_what_is_right_is_not_found(messages: list[dict[str, Any]], of: Told) -> None:
    assert agency_differences(messages, UNIT, of) == []


@pytest.mark.parametrize(
    ("messages", "of", "found"),
    [
        ([], told(STEP), "not told"),
        ([task("assigned")], told(), "not taken back"),
        ([task("assigned")], told(STEP | {"outcome": "completed"}), "not taken back"),
        ([task("assigned", budget=30)], told(STEP), "told as"),
        ([task("assigned"), task("assigned")], told(STEP), "given twice"),
        ([task("closed")], told(), "though not given"),
        ([notice("given")], told(), "stands no more"),
        ([notice("given")], told(happened=(BREACH, BREACH | {"kind": "retracted", "retracts": "breach"})), "no more"),
    ],
)
def test_what_is_wrong_is_found(messages: list[dict[str, Any]], of: Told, found: str) -> None:
    (difference,) = agency_differences(messages, UNIT, of)
    assert found in difference


REJECTED = {"code": "not_the_owner", "source": "s", "id": "1", "step": "check", "unit": UNIT, "owner": "H44.01"}


def entry(id_: str = "1", revision: int = 0) -> dict[str, Any]:
    return {"subject": "A", "source": "s", "id": id_, "revision": revision}


def answer(fate: str, version: int = 1, id_: str = "1", revision: int = 0, **data: Any) -> dict[str, Any]:
    verdict: dict[str, Any] = {"fate": fate, "findings": [], "rejection": REJECTED if fate == "rejected" else None}
    about = {"source": "s", "id": id_, "revision": revision, "version": version}
    return {"type": "answer.judged", "subject": "A", "data": about | verdict | data}


ODD: dict[str, Any] = {"findings": [{"code": "second_end", "source": "s", "id": "1"}]}


@pytest.mark.parametrize(
    ("answers", "entries", "of"),
    [
        ([answer("counted")], [entry(), entry()], told()),
        ([answer("rejected")], [entry()], told(rejections=[REJECTED])),
        ([answer("rejected"), answer("counted", 2)], [entry()], told()),
        ([answer("finding", findings=["second_end"])], [entry()], told(**ODD)),
        ([answer("counted"), answer("rejected", revision=1)], [entry(), entry("1", 1)], told(rejections=[REJECTED])),
        ([], [], told()),
    ],
)
def test_right_answers_are_not_found(answers: list[dict[str, Any]], entries: list[dict[str, Any]], of: Told) -> None:
    assert answer_differences(answers, entries, of) == []


@pytest.mark.parametrize(
    ("answers", "entries", "of", "found"),
    [
        ([], [entry()], told(), "not answered"),
        ([answer("counted")], [entry(), entry("1", 1)], told(), "not answered"),
        ([answer("counted")], [], told(), "not sent"),
        ([answer("counted"), answer("counted", 2)], [entry()], told(), "twice alike"),
        ([answer("counted", 2)], [entry()], told(), "out of order"),
        ([answer("rejected")], [entry()], told(), "is ('counted'"),
        ([answer("counted")], [entry()], told(**ODD), "is ('finding'"),
        ([answer("rejected")], [entry()], told(rejections=[REJECTED | {"owner": "H44.02"}]), "is ('rejected'"),
    ],
)
def test_wrong_answers_are_found(
    answers: list[dict[str, Any]], entries: list[dict[str, Any]], of: Told, found: str
) -> None:
    (difference,) = answer_differences(answers, entries, of)
    assert found in difference
