"""Which entries are admitted, as what bytes, and why the others are not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.admission.admit import LONGEST_ENTRY, StackRules, admit
from shared.access.bearer import Bearer
from shared.contract.entries import ENTRY_ADAPTER
from shared.instants import SECOND, parse_instant, to_rfc3339
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, REAL, REPLAY, SIMULATED, body, entry, grant

TICK = {"type": "clock.ticked", "data": {}, "subject": "clock"}


def refusal(sent: bytes, key: Bearer | None = None, rules: StackRules = REAL) -> Problem:
    with pytest.raises(Problem) as refused:
        admit(sent, key or grant(), rules, NOW)
    return refused.value


def written(sent: bytes, key: Bearer | None = None, rules: StackRules = REAL) -> dict[str, Any]:
    admitted = admit(sent, key or grant(), rules, NOW)
    ENTRY_ADAPTER.validate_json(admitted.value)
    value: dict[str, Any] = json.loads(admitted.value)
    return value


def test_what_is_written_is_what_was_sent_with_the_stamps() -> None:
    sent = entry(recordedtime="1999-01-01T00:00:00Z", sender="somebody", datacontenttype=None)
    sent["data"]["promised_due"] = None
    value = written(json.dumps(sent).encode())
    assert value == {
        **entry(),
        "time": "2026-08-25T01:15:00.000000Z",
        "data": {"channel": "online", "unit": "hcm.q1", "promised_due": None},
        "recordedtime": to_rfc3339(NOW),
        "sender": "one-stop",
        "grant": '["*"]',
    }


def test_the_bytes_are_canonical() -> None:
    first = admit(body(), grant(), REAL, NOW).value
    shuffled = json.dumps(dict(reversed(entry().items())), indent=3).encode()
    assert admit(shuffled, grant(), REAL, NOW).value == first
    assert first.startswith(b'{"data":{"channel":')


def test_the_record_names_its_dossier_and_instant() -> None:
    admitted = admit(body(subject="HS-ố"), grant(), REAL, NOW)
    assert (admitted.type, admitted.source, admitted.id) == ("dossier.accepted", "hcm/one-stop", "1/accepted")
    assert admitted.subject == "HS-ố"
    assert admitted.key == "HS-ố".encode()
    assert admitted.time == parse_instant("2026-08-25T08:15:00+07:00")
    assert not admitted.everywhere


def test_null_data_withdraws_and_absent_data_is_malformed() -> None:
    assert written(body(data=None, revision=1))["data"] is None
    problem = refusal(body(data=...))
    assert (problem.status, problem.code, problem.field) == (422, "data_missing", "data")
    assert '"data": null' in problem.body("en")["remedy"]


@pytest.mark.parametrize(
    ("changes", "code", "field", "value"),
    [
        ({"specversion": "0.3"}, "not_allowed_value", "specversion", "0.3"),
        ({"specversion": ...}, "missing_field", "specversion", None),
        ({"id": ""}, "wrong_length", "id", ""),
        ({"id": 5}, "wrong_type", "id", 5),
        ({"source": ...}, "missing_field", "source", None),
        ({"subject": "x" * 129}, "wrong_length", "subject", "x" * 100 + "…"),
        ({"subject": "a\nb"}, "odd_sign", "subject", "a<U+000A>b"),
        ({"time": ...}, "missing_field", "time", None),
        ({"time": "2026-08-25T08:00:00"}, "wrong_instant", "time", "2026-08-25T08:00:00"),
        ({"time": "yesterday"}, "wrong_instant", "time", "yesterday"),
        ({"time": 1700000000}, "wrong_instant", "time", 1700000000),
        ({"time": "1700000000"}, "wrong_instant", "time", "1700000000"),
        ({"time": "1700-01-01T00:00:00Z"}, "out_of_range", "time", "1700-01-01T00:00:00Z"),
        ({"revision": -1}, "out_of_range", "revision", -1),
        ({"revision": "1"}, "wrong_type", "revision", "1"),
        ({"revision": 10**40}, "out_of_range", "revision", str(10**40)),
        ({"sequence": 1.5}, "wrong_type", "sequence", 1.5),
        ({"simulated": "yes"}, "wrong_type", "simulated", "yes"),
        ({"comment": "x"}, "unknown_field", "comment", None),
        ({"type": "dossier.acepted"}, "unknown_type", "type", "dossier.acepted"),
        ({"type": ...}, "missing_field", "type", None),
        ({"type": 5}, "wrong_type", "type", 5),
        ({"type": "x", "id": ...}, "missing_field", "id", None),
        ({"data": 5}, "wrong_type", "data", 5),
        ({"data": {"unit": "x"}}, "missing_field", "data.channel", None),
        ({"data": {"unit": "x", "channel": "online", "note": "A"}}, "unknown_field", "data.note", None),
        ({"data": {"unit": 5, "channel": "online"}}, "wrong_type", "data.unit", 5),
        (
            {"data": {"unit": "x", "channel": "online", "promised_due": "28/8/2026"}},
            "wrong_due",
            "data.promised_due",
            "28/8/2026",
        ),
        (
            {"data": {"unit": "x", "channel": "online", "route": [{"step": "a", "unit": "b"}, {"step": "c"}]}},
            "missing_field",
            "data.route[1].unit",
            None,
        ),
        ({"type": "quality.rated", "data": {}}, "empty_rating", "data", None),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_a_remedy(
    changes: dict[str, Any], code: str, field: str, value: object
) -> None:
    problem = refusal(body(**changes))
    assert (problem.status, problem.code, problem.field, problem.value) == (422, code, field, value)
    for language in ("vi", "en"):
        told = problem.body(language)
        assert "{" not in told["detail"]
        assert told["remedy"]


def test_the_envelope_is_told_before_the_data() -> None:
    problem = refusal(body(id=..., data={}))
    assert [error.field for error in problem.errors] == ["id", "data.channel", "data.unit"]


def test_a_near_type_is_proposed() -> None:
    assert "dossier.accepted" in refusal(body(type="dossier.acepted")).body("en")["remedy"]
    assert refusal(body(type="zzz")).body("en")["remedy"].endswith("quality.identity_verified, … (+23).")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"data": {"unit": "x", "channel": "online", "ChuHoSo": "Nguyễn Văn A"}}, "data.ChuHoSo"),
        ({"data": {"unit": "x", "channel": "online", "route": [{"Số CCCD": "079123456789"}]}}, "data.route[0].Số CCCD"),
        ({"applicantphone": "0912345678"}, "applicantphone"),
        ({"type": "unknown.type", "data": {"email": "a@b.vn"}}, "data.email"),
        ({"type": "unit.revised", "data": {"unit": "x", "diaChi": "12 Lê Lợi"}}, "data.diaChi"),
    ],
)
def test_personal_members_are_refused_by_name_and_never_echoed(changes: dict[str, Any], field: str) -> None:
    problem = refusal(body(**changes))
    assert (problem.status, problem.code, problem.field) == (422, "personal_field", field)
    told = json.dumps([problem.body("vi"), problem.body("en")], ensure_ascii=False)
    for secret in ("Nguyễn", "079123456789", "0912345678", "a@b.vn", "Lê Lợi"):
        assert secret not in told


def test_sentences_in_code_members_are_not_echoed() -> None:
    problem = refusal(body(type="dossier.refused", data={"reason": "Ông Nguyễn Văn A chưa nộp"}))
    assert (problem.code, problem.field, problem.value) == ("wrong_form", "data.reason", None)


def test_a_key_speaks_only_for_its_sources_and_units() -> None:
    key = grant(sources=["hcm/*"], units=["hcm.q1"])
    data = {"channel": "online", "unit": "hcm.q1"}
    assert written(body(), key)
    problem = refusal(body(source="hn/x"), key)
    assert (problem.status, problem.code, problem.value) == (403, "source_not_granted", "hn/x")
    for wrong, field in (
        ({"unit": "hcm.q3"}, "data.unit"),
        ({"receiving_unit": "hcm"}, "data.receiving_unit"),
    ):
        problem = refusal(body(data=data | wrong), key)
        assert (problem.status, problem.code, problem.field) == (403, "unit_not_granted", field)
    assert written(body(data=None), key)
    assert refusal(body(type="petition.received", data={"petition": "P", "unit": "hn"}), key).field == "data.unit"


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("dossier.handed_over", {"unit": "hn"}),
        ("step.assigned", {"step": "a", "unit": "hn"}),
        (
            "dossier.accepted",
            {
                "channel": "online",
                "unit": "hcm.q1",
                "route": [{"step": "a", "unit": "hn"}, {"step": "b", "unit": "hp"}],
            },
        ),
    ],
)
def test_who_receives_needs_no_grant_at_the_door(type_: str, data: dict[str, Any]) -> None:
    assert written(body(type=type_, data=data), grant(units=["hcm.q1"]))["data"] == data


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("dossier.submitted", {"channel": "online", "unit": "hn"}),
        ("dossier.accepted", {"channel": "online", "unit": "hn", "route": [{"step": "a", "unit": "hcm.q1"}]}),
        ("step.completed", {"step": "a", "unit": "hn"}),
        ("step.sent_back", {"step": "a", "unit": "hn"}),
        ("petition.received", {"petition": "P", "unit": "hn"}),
    ],
)
def test_any_other_unit_that_is_named_does(type_: str, data: dict[str, Any]) -> None:
    problem = refusal(body(type=type_, data=data), grant(units=["hcm.q1"]))
    assert (problem.status, problem.code, problem.field, problem.value) == (403, "unit_not_granted", "data.unit", "hn")


def test_a_key_without_the_role_sends_nothing() -> None:
    for role in ("clock", "reference", "officer", "auditor", "operator", "service"):
        assert refusal(body(), grant(role)).code == "right_missing"
    for role in ("importer", "agency", "admin"):
        assert written(body(), grant(role))


@pytest.mark.parametrize(
    ("type_", "rules", "role", "code"),
    [
        ("clock.ticked", REPLAY, "clock", None),
        ("clock.ticked", REPLAY, "sender", "right_missing"),
        ("clock.ticked", REAL, "clock", "clock_is_live"),
        ("clock.ticked", REAL, "admin", "clock_is_live"),
        ("clock.corrected", REPLAY, "clock", None),
        ("clock.corrected", REPLAY, "admin", None),
        ("clock.corrected", REAL, "admin", None),
        ("clock.corrected", REAL, "clock", "right_missing"),
    ],
)
def test_the_clock_is_moved_only_by_those_who_may(type_: str, rules: StackRules, role: str, code: str | None) -> None:
    sent = body(**{**TICK, "type": type_})
    if code is None:
        admitted = admit(sent, grant(role), rules, NOW)
        assert admitted.everywhere
        assert admitted.key == b"clock"
    else:
        assert refusal(sent, grant(role), rules).code == code


@pytest.mark.parametrize("rules", [REAL, REPLAY])
def test_the_future_is_refused_beyond_the_tolerance(rules: StackRules) -> None:
    key = grant("sender", "clock")
    edge = NOW + rules.future_tolerance * SECOND
    assert written(body(time=to_rfc3339(edge)), key, rules)
    problem = refusal(body(time=to_rfc3339(edge + 1)), key, rules)
    assert (problem.status, problem.code, problem.field) == (422, "future_time", "time")
    assert refusal(body(**TICK, time=to_rfc3339(edge + 1)), key, REPLAY).code == "future_time"


def test_simulated_and_real_stacks_take_only_their_own() -> None:
    assert refusal(body(simulated=True)).code == "simulated_on_real"
    assert refusal(body(), rules=SIMULATED).code == "real_on_simulated"
    assert refusal(body(simulated=False), rules=SIMULATED).code == "real_on_simulated"
    assert written(body(simulated=True), rules=SIMULATED)["simulated"] is True
    assert "simulated" not in written(body(simulated=False))


def test_an_entry_has_a_largest_size() -> None:
    problem = refusal(b'{"a": "' + b"x" * LONGEST_ENTRY + b'"}')
    assert (problem.status, problem.code) == (413, "line_too_long")


def test_the_subject_of_a_petitions_entry_is_its_own_code() -> None:
    """Until 2026-12-01 it could be the dossier's: such an entry would be in no list and no figure."""
    told = {"type": "petition.received", "subject": "PA-1"}
    for data in ({}, {"petition": "PA-1"}, {"dossier": "HCM-1"}, {"petition": None}):
        assert written(body(**told, data=data))["subject"] == "PA-1"
    assert written(body(**told, data=None))["data"] is None
    problem = refusal(body(**told, data={"petition": "PA-2"}))
    assert (problem.status, problem.code, problem.field) == (422, "petition_not_subject", "data.petition")
    assert problem.value == "PA-2"
    # In normal form the two are one.
    assert written(body(**told, data={"petition": " PA-1 "}))["subject"] == "PA-1"


def test_who_hands_a_petition_over_need_not_act_for_who_gets_it() -> None:
    key = grant(units=["hcm.q1"])
    assert written(body(type="petition.handed_over", data={"unit": "hn"}), key)
    assert refusal(body(type="petition.answered", data={"unit": "hn"}), key).code == "unit_not_granted"
