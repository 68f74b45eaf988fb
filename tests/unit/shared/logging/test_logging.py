"""What a library repeats is said once in a while; what we say is always said."""

from __future__ import annotations

import logging

from shared.logging import _Seldom


def record(name: str, message: str, second: float, *values: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, values, None)
    made.created = second
    return made


def test_a_library_repeats_itself_only_after_a_while() -> None:
    seldom = _Seldom("aiokafka", 30.0)
    assert seldom.filter(record("aiokafka", "Unable connect to node %s", 100.0, 1))
    assert not seldom.filter(record("aiokafka.conn", "Unable connect to node %s", 101.0, 2))
    assert seldom.filter(record("aiokafka", "Unable to update metadata from %s", 101.0, 1))
    assert seldom.filter(record("aiokafka", "Unable connect to node %s", 131.0, 1))
    # A clock that was set back does not silence it for long.
    assert seldom.filter(record("aiokafka", "Unable connect to node %s", 50.0, 1))


def test_other_loggers_are_left_alone() -> None:
    seldom = _Seldom("aiokafka", 30.0)
    assert all(seldom.filter(record("services.intake", "same", 100.0)) for _ in range(5))
