"""What a sender or a reader can do to a running stack within all limits.

Heavy dossiers, refusals without end, large questions: while each lasts, the service it is done to answers others. What
is accepted is told to the test, which counts it as everything else.
"""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from datetime import timedelta
from typing import Any, Final

import httpx

from tests.faults.lives import BEGIN, UNITS
from tests.suite import Suite
from tests.waiting import between_tries, until

__all__ = ["HOSTILE", "Hostile"]

Entry = dict[str, Any]

#: Below the cap of a home; each entry makes a row with all that came before it.
_ENTRIES: Final = 300
_LONGEST_ANSWER: Final = 65_536
#: As many as the longest body has room for; longer ones are refused for their length alone.
_MEMBERS: Final = 5_000
_ROUTE_STEPS: Final = 900
_QUESTIONS: Final = 12
_TEN_YEARS: Final = "/v1/indices?from=2014-06-01&to=2024-05-19&by=month&children=true"


class Hostile:
    """Does it, and says what was done.

    Args:
        suite: the stack.
        acknowledged: takes an entry that was accepted.
    """

    def __init__(self, suite: Suite, acknowledged: Callable[[Entry], None]) -> None:
        self._suite = suite
        self._acknowledged = acknowledged
        self._dossiers = 0
        headers = {"Authorization": f"Bearer {suite.stack.admin_key()}"}
        self._client = httpx.Client(trust_env=False, timeout=120, headers=headers)

    def heavy_dossier(self) -> str:
        """One dossier with hundreds of entries in one batch; the stream goes on meanwhile."""
        self._dossiers += 1
        code = f"H44-heavy-{self._dossiers:03d}"
        entries = list(_heavy(code))
        left = entries

        def accepted() -> bool:
            nonlocal left
            left = self._batch(left)
            return not left

        until(accepted, f"{code} to be accepted", 90)
        return f"{code} has {len(entries)} entries"

    def long_refusals(self) -> str:
        """Requests whose refusal could be endless, or whose body could take for ever to unpack."""
        junk = {f"m{number}": number for number in range(_MEMBERS)}
        steps = [{"step": "same", "unit": "U", "budget": "x", "after": ["nowhere"]} for _ in range(_ROUTE_STEPS)]
        route = {"procedure": "1.001", "version": "bad", "steps": steps}
        bodies = {
            "an entry's members": (_bytes(_entry("H44-junk", "junk", "dossier.accepted", 0) | junk), {}),
            "data's members": (_bytes(_entry("H44-junk", "junk", "dossier.accepted", 0, junk)), {}),
            "a route's faults": (_bytes(_entry("reference", "bad", "route.revised", 0, route)), {}),
            "gzip members": (gzip.compress(b"") * _MEMBERS, {"Content-Encoding": "gzip"}),
        }
        url = f"{self._suite.address('intake')}/v1/entries"
        answers = self._meanwhile(
            "intake",
            [lambda of=of: self._refused(url, *of) for of in bodies.values()],  # type: ignore[misc]
        )
        for what, answer in zip(bodies, answers, strict=True):
            assert 400 <= answer.status_code < 500, f"{what}: {answer.status_code} {answer.text[:300]}"
            assert len(answer.content) <= _LONGEST_ANSWER, f"{what}: {len(answer.content)} bytes"
        codes = ", ".join(f"{answer.json()['code']} for {what}" for what, answer in zip(bodies, answers, strict=True))
        return f"{codes}; the longest of {max(len(answer.content) for answer in answers)} bytes"

    def heavy_questions(self) -> str:
        """Many large questions at once to one replica of metrics."""
        name = self._suite.names("metrics")[0]

        def ask() -> httpx.Response:
            return self._client.get(f"{self._suite.address(name)}{_TEN_YEARS}")

        told = [answer.status_code for answer in self._meanwhile(name, [ask] * _QUESTIONS)]
        assert set(told) <= {200, 503}, told
        return f"{told.count(200)} of {len(told)} questions over ten years answered by {name}, the others told to wait"

    def _refused(self, url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """The answer, once intake says more than that it cannot take anything now."""
        kind = {"Content-Type": "application/cloudevents+json"}

        def answered() -> httpx.Response | None:
            answer = self._client.post(url, content=body, headers=kind | headers)
            return None if answer.status_code >= 500 else answer

        found = until(answered, "intake to refuse", 90)
        assert found is not None
        return found

    def _meanwhile(self, name: str, work: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
        """Do all of it at once, and see that the process answers others meanwhile."""
        url = f"{self._suite.address(name)}/health/live"
        with ThreadPoolExecutor(len(work)) as pool:
            futures: list[Future[httpx.Response]] = [pool.submit(one) for one in work]
            answered = 0
            while wait_for_futures(futures, timeout=0).not_done or not answered:
                # It may just have been killed by the fault before: asked again until the work is done.
                with contextlib.suppress(httpx.TransportError):
                    answered += httpx.get(url, trust_env=False, timeout=5).status_code == 200
                between_tries()
            return [future.result() for future in futures]

    def _batch(self, entries: list[Entry]) -> list[Entry]:
        """Send a batch once; what has to be sent again."""
        body = b"\n".join(_bytes(entry) for entry in entries)
        answer = self._client.post(
            f"{self._suite.address('intake')}/v1/entries:batch",
            content=body,
            headers={"Content-Type": "application/x-ndjson"},
        )
        if answer.status_code != 200:
            assert answer.status_code in (429, 500, 502, 503, 504), f"{answer.status_code} {answer.text[:300]}"
            return entries
        left = []
        for entry, result in zip(entries, answer.json()["results"], strict=True):
            if result["status"] == 202:
                self._acknowledged(entry)
            else:
                assert result["status"] == 503, result
                left.append(entry)
        return left


#: What `Hostile` does, by the names a plan of faults has for it.
HOSTILE: Final = {
    "heavy_dossier": Hostile.heavy_dossier,
    "long_refusals": Hostile.long_refusals,
    "heavy_questions": Hostile.heavy_questions,
}


def _heavy(code: str) -> list[Entry]:
    receipt = {"unit": UNITS[0], "channel": "online", "promised_due": "2024-05-10"}
    entries = [_entry(code, f"{code}/0", "dossier.accepted", 0, receipt)]
    for number in range(1, _ENTRIES):
        kind = "supplement_requested" if number % 2 else "supplement_received"
        entries.append(_entry(code, f"{code}/{number}", f"dossier.{kind}", number, {}))
    return entries


def _entry(subject: str, id_: str, type_: str, minutes: int, data: dict[str, Any] | None = None) -> Entry:
    return {
        "specversion": "1.0",
        "type": type_,
        "source": "onestop/h44",
        "id": id_,
        "subject": subject,
        "time": (BEGIN + timedelta(hours=1, minutes=minutes)).isoformat(),
        "data": {} if data is None else data,
    }


def _bytes(entry: Entry) -> bytes:
    return json.dumps(entry).encode()
