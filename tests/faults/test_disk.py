"""A full disk stops the stack and ends nothing of it: with room made, everything goes on by itself."""

from __future__ import annotations

from pathlib import Path

import httpx
import orjson
import pytest

from services.intake.room.watch import free_bytes
from tests.faults.test_upkeep import restarts
from tests.small_disk import fill, small_disk
from tests.stack import StackFactory
from tests.waiting import until

LEAST = 30_000_000
ENTRY = {
    "specversion": "1.0",
    "type": "dossier.accepted",
    "source": "test/disk",
    "id": "1",
    "subject": "H1.1",
    "time": "2025-08-25T08:15:00+07:00",
    "data": {"channel": "online", "unit": "hcm.q1"},
}


def test_intake_refuses_before_the_disk_is_full_and_kafka_comes_back_after(
    local_stack: StackFactory, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with small_disk(home, 400) as mounted:
        if not mounted:
            pytest.skip("no file system can be mounted here; see the unit tests of keeper and room")
        stack = local_stack("data", services=("intake",), home=home, settings={"MOTCUA_SPACE_LEAST": str(LEAST)})
        try:
            client = httpx.Client(
                base_url=stack.addresses()["intake"], headers={"Authorization": f"Bearer {stack.admin_key()}"}
            )

            def send() -> tuple[int, str]:
                answer = client.post("/v1/entries:batch", content=orjson.dumps(ENTRY))
                return answer.status_code, answer.json().get("code", "")

            assert send()[0] == 200
            filler = home / "filler"
            free = free_bytes(home)
            with filler.open("wb") as file:
                file.write(bytes(free - LEAST // 2))
            assert until(lambda: send() == (503, "disk_short"), "entries to be refused", 30)
            assert stack.status().processes, "and nothing has ended"

            before = restarts(stack, "kafka")
            rest = fill(home)
            until(lambda: restarts(stack, "kafka") > before, "Kafka to end for want of room, and be tried again", 120)
            rest.unlink()
            filler.unlink(missing_ok=True)
            stack.wait_ready()
            until(lambda: send()[0] == 200, "entries to be taken again", 30)
        finally:
            assert stack.down() == []
        assert list(stack.home.run.glob("*.pid.json")) == []
