"""What a dead letter's bytes are by now: an entry with its own stamps, one to be stamped, or still refused, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.admission.admit import LONGEST_ENTRY, StackRules, admit
from services.intake.deadletters.judging import check_replayable, judge_again, judge_corrected
from shared.broker.topics import DEADLETTER, EPOCH, agency_outbox, journal, lifecycle, reference
from shared.contract.housekeeping import LARGEST_WHOLE
from shared.problems.problem import Problem
from tests.unit.intake.deadletters.deadletter_parts import make_letter
from tests.unit.intake.parts import NOW, REAL, SIMULATED, body, entry, grant, unit

OUTBOX = agency_outbox("hcm.q1")
STAMPS = {"sender": "gone-since", "recordedtime": "2026-08-24T01:00:00.000000Z"}


def _judge(value: bytes | None, topic: str = journal(), rules: StackRules = REAL, **changes: Any) -> Any:
    letter = make_letter(value, topic=topic, **changes)
    check_replayable(letter, corrected=False)
    return judge_again(letter, grant("admin", "sender"), rules, NOW)


def _refused(value: bytes | None, topic: str = journal(), **changes: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        _judge(value, topic, **changes)
    return refused.value


@pytest.mark.parametrize("topic", [journal(), journal(3)])
def test_a_stamped_entry_keeps_its_bytes_whoever_asks(topic: str) -> None:
    value = json.dumps(entry(**STAMPS), indent=1).encode()
    found = _judge(value, topic)
    assert (found.value, found.key, found.subject, found.everywhere) == (value, b"HS-1", "HS-1", False)


def test_a_stamped_entry_of_before_texts_had_one_form_keeps_its_stamps() -> None:
    sent = entry(**STAMPS, subject="Ho\u0302\u0300 sơ  1", data={"unit": "hcm.q1 ", "channel": "online"})
    found = _judge(json.dumps(sent).encode())
    assert (found.key, found.subject) == ("Hồ sơ 1".encode(), "Hồ sơ 1")
    kept = sent | {"subject": "Hồ sơ 1", "data": {"unit": "hcm.q1", "channel": "online"}}
    assert json.loads(found.value) == kept
    assert _refused(json.dumps(entry(**STAMPS, subject="a\u202e")).encode()).code == "odd_sign"


def test_a_corrected_entry_is_brought_to_form() -> None:
    found = judge_corrected(body(subject="HS\u00a01"), grant("admin", "sender"), REAL, NOW)
    assert (found.subject, json.loads(found.value)["subject"]) == ("HS 1", "HS 1")


def test_a_stamped_reference_entry_goes_everywhere_as_it_is() -> None:
    value = json.dumps(unit("hcm.q1", **STAMPS)).encode()
    found = _judge(value)
    assert (found.value, found.reference) == (value, True)


@pytest.mark.parametrize("stamps", [{}, {"sender": "one-stop"}, {"recordedtime": STAMPS["recordedtime"]}])
def test_one_that_was_never_stamped_is_admitted_by_whoever_asks(stamps: dict[str, str]) -> None:
    found = json.loads(_judge(body(**stamps)).value)
    assert (found["sender"], found["recordedtime"]) == ("one-stop", "2026-08-25T03:00:00.000000Z")


def test_the_longest_entry_may_have_stamps_too() -> None:
    stamped = json.dumps(entry(**STAMPS)).encode().ljust(LONGEST_ENTRY + 100)
    assert _judge(stamped).value == stamped
    unstamped = body().ljust(LONGEST_ENTRY + 1)
    assert _refused(unstamped).code == "line_too_long"


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        b"",
        None,
        b"[1]",
        b'{"a": 1, "a": 2}',
        body(type="dossier.eaten"),
        body(data={"unit": 7, "channel": "online"}),
        body(time="2026-08-25T08:15:00"),
        body(time="2027-01-01T00:00:00+07:00"),
        body(simulated=True),
        body(data={"channel": "online", "unit": "hcm.q1", "full_name": "x"}),
    ],
)
@pytest.mark.parametrize("stamps", [{}, STAMPS])
def test_what_is_refused_gets_the_words_of_http(value: bytes | None, stamps: dict[str, str]) -> None:
    if stamps and value is not None and value.startswith(b'{"specversion"'):
        value = json.dumps(json.loads(value) | stamps).encode()
    told = _refused(value)
    assert told.status == 422
    with pytest.raises(Problem) as by_http:
        admit(value or b"", grant("admin", "sender"), REAL, NOW)
    by_http.value.status = 422
    assert told.body("vi") == by_http.value.body("vi")


def test_it_must_be_of_the_stacks_kind() -> None:
    real, simulated = (json.dumps(entry(**STAMPS, **more)).encode() for more in ({}, {"simulated": True}))
    assert _judge(simulated, rules=SIMULATED).value == simulated
    assert _refused(simulated).code == "simulated_on_real"
    assert _refused(real, rules=SIMULATED).code == "real_on_simulated"


def test_an_outbox_is_judged_by_the_agencys_grant_whatever_stamps_it_claims() -> None:
    letter = make_letter(body(**STAMPS), topic=OUTBOX)
    agency = grant("sender", sources=["hcm/one-stop"], units=["hcm.q1"], sender="agency-hcm.q1")
    assert json.loads(judge_again(letter, agency, REAL, NOW).value)["sender"] == "agency-hcm.q1"
    other = grant("sender", sources=["hcm/one-stop"], units=["hcm.q9"], sender="agency-hcm.q9")
    with pytest.raises(Problem) as refused:
        judge_again(letter, other, REAL, NOW)
    assert (refused.value.status, refused.value.code) == (422, "unit_not_granted")


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        (lifecycle(2), "deadletter_derived"),
        (reference(2), "deadletter_derived"),
        (EPOCH, "deadletter_no_entry"),
        (DEADLETTER, "deadletter_no_entry"),
        ("somebody.else", "deadletter_no_entry"),
    ],
)
def test_other_topics_hold_nothing_to_replay_corrected_or_not(topic: str, code: str) -> None:
    told = _refused(body(), topic)
    assert (told.status, told.code) == (409, code)
    with pytest.raises(Problem):
        check_replayable(make_letter(body(), topic=topic), corrected=True)


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (bytes(LARGEST_WHOLE + 1), {}),
        (body(), {"reason": "personal_field", "topic": OUTBOX}),
        (None, {"reason": "wrong_code", "topic": OUTBOX}),
    ],
)
def test_without_its_bytes_it_needs_a_correction(value: bytes | None, changes: dict[str, str]) -> None:
    letter = make_letter(value, **changes)
    with pytest.raises(Problem) as refused:
        check_replayable(letter, corrected=False)
    assert (refused.value.status, refused.value.code) == (409, "deadletter_without_bytes")
    check_replayable(letter, corrected=True)


def test_a_correction_is_an_entry_like_any() -> None:
    found = judge_corrected(body(**STAMPS), grant("sender", sender="root"), REAL, NOW)
    assert json.loads(found.value)["sender"] == "root"
    with pytest.raises(Problem) as refused:
        judge_corrected(body(), grant("reference"), REAL, NOW)
    assert (refused.value.status, refused.value.code) == (403, "right_missing")


def test_the_clock_is_never_set_back_by_a_letter() -> None:
    tick = json.dumps(entry(type="clock.corrected", subject="clock", data={"reason": "x"}) | STAMPS).encode()
    told = _refused(tick)
    assert told.code in {"deadletter_clock", "unknown_field"}, told.body("en")
