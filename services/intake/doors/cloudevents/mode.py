"""Why an entry was refused, where the way it was sent is what is wrong: in binary mode, or several in one message.

Only the words and the code change; what is refused stays refused. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from shared.problems.problem import Problem

__all__ = ["in_words_of_mode"]

#: Names of headers that carry attributes in binary mode: of Kafka's binding, and of HTTP's.
_PREFIXES: Final = ("ce_", "ce-")
_TELLING: Final = frozenset(
    f"{prefix}{name}" for prefix in _PREFIXES for name in ("specversion", "type", "source", "id")
)
_BATCH: Final = "application/cloudevents-batch"
_SHOWN: Final = 6
_LONGEST: Final = 64


def in_words_of_mode(
    problem: Problem, headers: Iterable[tuple[str, bytes | str | None]], body: bytes, *, topic: bool
) -> Problem:
    """The problem, or one that says how entries are to be sent where that is why it was refused.

    Args:
        problem: why the entry was refused.
        headers: of the message or the request.
        body: its bytes.
        topic: whether it came by an outbox, where one message is one entry.
    """
    if problem.code == "personal_field" or problem.status == 503:
        return problem
    known = {name.lower(): _text(value) for name, value in headers}
    parsed = _parsed(body)
    attributes = sorted(name for name in known if name.startswith(_PREFIXES))
    if _TELLING & set(attributes) and not (isinstance(parsed, dict) and "specversion" in parsed):
        shown = ", ".join(name[:_LONGEST] for name in attributes[:_SHOWN])
        return Problem(problem.status, "binary_mode", headers=problem.headers, headers_shown=shown)
    batch = known.get("content-type", "").startswith(_BATCH)
    if topic and (batch or isinstance(parsed, list) or _is_many_lines(body)) and problem.code in _NO_ENTRY:
        told = Problem(problem.status, problem.code, words="several_in_a_message", headers=problem.headers)
        told.parameters = problem.parameters
        return told
    return problem


#: What a body is refused with that is not one JSON object.
_NO_ENTRY: Final = frozenset(("not_json", "not_an_object"))


def _text(value: bytes | str | None) -> str:
    return value.decode("utf-8", "replace").lower() if isinstance(value, bytes) else (value or "").lower()


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _is_many_lines(body: bytes) -> bool:
    """Whether the body is several JSON objects, one a line."""
    first, _, rest = body.strip().partition(b"\n")
    second = rest.lstrip().partition(b"\n")[0]
    return isinstance(_parsed(first), dict) and isinstance(_parsed(second), dict)
