"""Asks intake about dead letters and settles them; tells a refusal apart from an outcome that is not known."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from motcua.cli.errors import USAGE, CommandError
from motcua.cli.services import Services
from motcua.cli.session import Session

__all__ = ["DeadLetterDoor", "Settling", "letter_name", "letter_path"]

_SECONDS: Final = 150.0
_PAGE: Final = 1_000
_TRIES: Final = 5
_NOT_KNOWN: Final = 503


@dataclass(frozen=True, slots=True)
class Settling:
    """What became of one letter: the letter as it is now, or the problem that kept it from being settled.

    `unknown` is true where it is not known: the same again does no harm.
    """

    letter: str
    answer: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
    unknown: bool = False


class DeadLetterDoor:
    """Intake's routes about dead letters, with the key of the command line.

    Args:
        session: whose language.
        services: the running stack.
    """

    def __init__(self, session: Session, services: Services) -> None:
        self._services = services
        headers = {"Authorization": f"Bearer {services.key}", "Accept-Language": session.language}
        self._client = httpx.Client(trust_env=False, timeout=_SECONDS, headers=headers)

    def summary(self) -> dict[str, Any]:
        """The register in numbers."""
        found: dict[str, Any] = self._services.get("intake", "/v1/deadletters/summary")
        return found

    def letter(self, id_: str) -> dict[str, Any]:
        """One letter with its bytes."""
        found: dict[str, Any] = self._services.get("intake", letter_path(id_))
        return found

    def letters(self, limit: int | None = None, **wanted: str | None) -> Iterator[dict[str, Any]]:
        """Letters of the register without their bytes, the one first seen longest ago first."""
        after, left = None, limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page = self._services.get("intake", "/v1/deadletters", limit=size, after=after, **wanted)
            yield from page["letters"]
            left = None if left is None else left - len(page["letters"])
            after = page["next"]
            if after is None:
                return

    def replay(self, id_: str, corrected: bytes | None = None) -> Settling:
        """Bring a letter's entry into the journal."""
        kind = {} if corrected is None else {"Content-Type": "application/json"}
        return self._settle(id_, "replay", content=corrected or b"", headers=kind)

    def replay_many(self, ids: Sequence[str]) -> list[Settling]:
        """Bring the entries of up to 500 letters into the journal; what is not known is asked again."""
        told: dict[str, Settling] = {id_: Settling(id_, unknown=True) for id_ in ids}
        for attempt in range(_TRIES):
            left = [id_ for id_, one in told.items() if one.unknown]
            if not left:
                break
            if attempt:
                time.sleep(1)
            try:
                answer = self._client.post(
                    f"{self._services.address('intake')}/v1/deadletters/replay", json={"letters": left}
                )
                found = answer.json()
            except (httpx.TransportError, ValueError):
                continue
            if answer.is_success:
                for one in found["letters"]:
                    problem = one["problem"]
                    unknown = problem is not None and problem["status"] == _NOT_KNOWN
                    told[one["letter"]] = Settling(one["letter"], one["answer"], problem, unknown)
            else:
                unknown = answer.status_code == _NOT_KNOWN
                told |= {id_: Settling(id_, problem=found, unknown=unknown) for id_ in left}
        return list(told.values())

    def discard(self, id_: str, why: str) -> Settling:
        """Settle a letter without replaying it."""
        return self._settle(id_, "discard", json={"reason": why})

    def _settle(self, id_: str, verb: str, **given: Any) -> Settling:
        problem: dict[str, Any] | None = None
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(1)
            try:
                answer = self._client.post(f"{self._services.address('intake')}{letter_path(id_)}/{verb}", **given)
                found = answer.json()
            except (httpx.TransportError, ValueError):
                continue
            if answer.is_success:
                return Settling(id_, answer=found)
            problem = found
            if answer.status_code != _NOT_KNOWN:
                return Settling(id_, problem=found)
        return Settling(id_, problem=problem, unknown=True)


def letter_name(place: Mapping[str, Any]) -> str:
    """A position as letters are named by."""
    return f"{place['topic']}:{place['partition']}:{place['offset']}"


def letter_path(id_: str) -> str:
    """The address of a letter.

    Raises:
        CommandError: it is not `topic:partition:offset`.
    """
    topic, _, place = id_.partition(":")
    partition, _, offset = place.partition(":")
    if not topic or "/" in topic or not partition.isdecimal() or not offset.isdecimal():
        raise CommandError(
            f"{id_!r} không phải thư chết; viết chủ đề:phân-vùng:vị-trí như `motcua deadletter list` in ra",
            f"{id_!r} is no dead letter; write topic:partition:offset as `motcua deadletter list` prints it",
            USAGE,
        )
    return f"/v1/deadletters/{topic}/{int(partition)}/{int(offset)}"
