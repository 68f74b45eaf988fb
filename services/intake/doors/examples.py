"""Request bodies and error answers of the entry doors, as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any, Final

from shared.contract.entries import ENTRY_ADAPTER

__all__ = ["BATCH_BODY", "BATCH_ERRORS", "ENTRY_BODY", "ENTRY_ERRORS", "EXAMPLES", "KEY_ERRORS", "entry_schemas"]

_ENVELOPE: Final = {"specversion": "1.0", "source": "hcm/one-stop-q1", "subject": "000.00.19.H29-260825-0001"}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "accepted": {
        "summary": "A dossier was accepted, with its promised return date",
        "value": {
            **_ENVELOPE,
            "type": "dossier.accepted",
            "id": "0001/accepted",
            "time": "2026-08-25T08:15:00+07:00",
            "data": {
                "procedure": "1.004222",
                "channel": "online",
                "unit": "hcm.q1",
                "promised_due": "2026-08-28T17:00:00+07:00",
            },
        },
    },
    "step": {
        "summary": "A unit completed a step",
        "value": {
            **_ENVELOPE,
            "type": "step.completed",
            "id": "0001/step/thẩm định",
            "time": "2026-08-26T10:00:00+07:00",
            "data": {"step": "thẩm định", "unit": "hcm.q1.tnmt"},
        },
    },
    "corrected": {
        "summary": "A correction: the same id, a higher revision",
        "value": {
            **_ENVELOPE,
            "type": "dossier.resolved",
            "id": "0001/resolved",
            "revision": 1,
            "time": "2026-08-27T16:30:00+07:00",
            "data": {"result_document": True, "e_result": True},
        },
    },
    "withdrawn": {
        "summary": "An entry taken back: data is null",
        "value": {
            **_ENVELOPE,
            "type": "dossier.resolved",
            "id": "0001/resolved",
            "revision": 2,
            "time": "2026-08-27T16:30:00+07:00",
            "data": None,
        },
    },
    "unit": {
        "summary": "A unit as it stands from a day on (right `reference`); it goes to every partition",
        "value": {
            **_ENVELOPE,
            "type": "unit.revised",
            "source": "hcm/directory",
            "id": "unit/hcm.q7",
            "subject": "hcm.q7",
            "time": "2025-07-01T00:00:00+07:00",
            "data": {"unit": "hcm.q7", "parent": "hcm", "name": "Phường Tân Thuận", "valid_from": "2025-07-01"},
        },
    },
}
_ENTRY: Final = {"schema": {"$ref": "#/components/schemas/Entry"}, "examples": EXAMPLES}

ENTRY_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": "One entry: a CloudEvent 1.0 in structured JSON, at most 256 KiB",
    "content": {"application/json": _ENTRY, "application/cloudevents+json": _ENTRY},
}
BATCH_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": "NDJSON: one entry a line, at most 5,000 lines and 16 MiB; Content-Encoding gzip is taken",
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string", "description": "lines of JSON, each by the schema Entry"},
            "example": (
                '{"specversion":"1.0","type":"dossier.accepted","source":"hcm/one-stop-q1","id":"0002/accepted",'
                '"subject":"000.00.19.H29-260825-0002","time":"2026-08-25T08:20:00+07:00",'
                '"data":{"channel":"direct","unit":"hcm.q1"}}\n'
            ),
        }
    },
}

_Answers = dict[int | str, dict[str, Any]]
KEY_ERRORS: Final[_Answers] = {
    401: {"description": "No key, or one that is not known"},
    403: {"description": "The key does not allow it"},
    422: {"description": "A field is missing or wrong"},
    503: {"description": "The database does not answer"},
}
_REFUSALS: Final[_Answers] = {
    400: {"description": "Not JSON: not_json, not_an_object, duplicate_member, too_deep, broken_gzip"},
    401: {"description": "No key, or one that is not known"},
    413: {"description": "Too large"},
    415: {"description": "A Content-Encoding other than gzip"},
    429: {
        "description": "The sender sent more than its rate (rate_limited_entries, rate_limited_bytes); none is taken",
        "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "seconds until it is taken"}},
    },
    503: {
        "description": "Not known to be accepted: send it again with the same `id` after Retry-After; it counts once",
        "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "seconds"}},
    },
}
ENTRY_ERRORS: Final[_Answers] = {
    **_REFUSALS,
    403: {"description": "The key does not cover the source, a unit, or the role"},
    422: {
        "description": (
            "Not by the contract or not for this stack: missing_field, unknown_field, unknown_type, personal_field, "
            "future_time, simulated_on_real, real_on_simulated, clock_is_live …; reference entries also by what is "
            "known: revision_taken, other_zone, route_cycle, unknown_route_unit, route_over_term, unknown_parameter …"
        )
    },
}
BATCH_ERRORS: Final[_Answers] = _REFUSALS


def entry_schemas() -> dict[str, Any]:
    """The schemas of all entries for the components of the document, with `Entry` as their union."""
    schema = ENTRY_ADAPTER.json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs")
    return {**parts, "Entry": {"title": "Entry", "description": "Any entry, told apart by `type`", **schema}}
