"""A department's own software at its smallest: it reports dossiers, does its tasks, reads what became of its entries.

Copy it, and keep three things: ids made of what an entry tells, so that the same report has the same id whenever it is
sent; what was sent until it is answered (here in memory, in your software in its database); of what you are told, the
highest version, or the ids of messages without.
"""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

BEGIN: dict[str, Any] = {"dossier.supplement_requested": {}, "dossier.supplement_received": {}}
END: dict[str, Any] = {"dossier.resolved": {"result_document": True, "e_result": True}, "dossier.returned": {}}


class Department:
    """What one department has sent, and what it has left to do."""

    def __init__(self, options: argparse.Namespace, producer: AIOKafkaProducer) -> None:
        self.options, self.producer, self.unit = options, producer, options.unit
        self.outbox = f"motcua.agency.{options.unit}.outbox.v1"
        self.waiting: dict[str, bytes] = {}  # id -> entry that is not judged yet
        self.open: set[str] = set()  # own dossiers that wait for their last step
        self.tasks, self.refused = options.tasks, 0
        self.newest: dict[Any, int] = {}  # task, notice or entry -> its highest version; id of a message without

    async def tell(self, dossier: str, happened: dict[str, Any], name: str = "") -> None:
        """Report what happened to a dossier just now; if this raises, send the same entry again."""
        for kind, data in happened.items():
            entry: dict[str, Any] = {"specversion": "1.0", "type": kind, "id": name or f"{dossier}/{kind}"}
            entry |= {"source": f"agency/{self.unit}", "subject": dossier, "time": datetime.now(UTC).isoformat()}
            entry |= {"data": data} | ({"simulated": True} if self.options.simulated else {})
            self.waiting[entry["id"]] = json.dumps(entry).encode()
            # The key keeps a dossier's entries in order.
            await self.producer.send_and_wait(self.outbox, self.waiting[entry["id"]], key=dossier.encode())

    def is_news(self, message: dict[str, Any]) -> bool:
        """The same id again is a repeat; a lower version was overtaken, whatever comes last."""
        data, version = message["data"], message["data"].get("version", 0)
        about = data.get("task") or data.get("notice") or (data.get("id"), data.get("revision"))
        key = about if version else message["id"]
        before, self.newest[key] = self.newest.get(key, -1), max(version, self.newest.get(key, 0))
        return bool(version > before)

    async def on_task(self, kind: str, dossier: str, data: dict[str, Any]) -> None:
        """Do what is ours to do; here at once, by nobody."""
        print(kind, dossier, data.get("step") or "", "due", data.get("due"), flush=True)
        if kind == "task.assigned":
            done = {"step": data["step"], "unit": self.unit}
            await self.tell(dossier, {"step.completed": done}, f"{data['task']}/completed")
            self.tasks -= 1
            if data["step"] == self.options.last_step and dossier in self.open:
                self.open.discard(dossier)
                await self.tell(dossier, END)

    async def on_answer(self, kind: str, dossier: str, data: dict[str, Any]) -> None:
        """Learn what became of an entry: accepted, then judged (which may be told again), or refused."""
        name = data.get("id", "")
        if kind == "answer.judged":  # rejected has no effect; finding counts, and something about it is odd
            odd = data.get("findings") or data.get("rejection") or ""
            print(data["fate"], name, odd, "due", data.get("due"), flush=True)
            self.waiting.pop(name, None)
        elif kind == "answer.refused" and data["code"] == "sender_disabled" and name in self.waiting:
            await asyncio.sleep(2)  # shut out for a while: the same entry again, under the same id
            await self.producer.send_and_wait(self.outbox, self.waiting[name], key=dossier.encode())
        elif kind == "answer.refused":  # a mistake that somebody must mend; the same again is refused again
            print("refused", name, data["detail_en"], data["remedy_en"], file=sys.stderr, flush=True)
            self.refused += self.waiting.pop(name, None) is not None


async def main(options: argparse.Namespace) -> int:
    """See all through; 1 if something was refused."""
    tasks, answers = (f"motcua.agency.{options.unit}.{name}.v1" for name in ("tasks", "answers"))
    asked: dict[str, Any] = {"group_id": f"agency-{options.unit}", "auto_offset_reset": "earliest"}
    reader = AIOKafkaConsumer(tasks, answers, bootstrap_servers=options.kafka, enable_auto_commit=False, **asked)
    async with AIOKafkaProducer(bootstrap_servers=options.kafka, acks="all") as producer, reader:
        department = Department(options, producer)
        about = {"channel": "online", "unit": options.unit} | ({"procedure": p} if (p := options.procedure) else {})
        for number in range(options.dossiers):
            # The unit that begins the code, by which its entries may act: UNIT-YYMMDD-SEQUENCE.
            dossier = f"{options.unit}-{datetime.now(UTC):%y%m%d-%H%M%S}{number + 1:04}"
            department.open |= {dossier} if options.last_step else set()
            await department.tell(dossier, {"dossier.accepted": about} | BEGIN | ({} if options.last_step else END))
        while department.open or department.waiting or department.tasks > 0:
            for topic, records in (await reader.getmany(timeout_ms=500)).items():
                act = department.on_task if topic.topic == tasks else department.on_answer
                for message in (json.loads(record.value) for record in records):
                    if department.is_news(message):
                        await act(message["type"], message["subject"], message["data"])
            await reader.commit()  # after the work: what a crash leaves is read again
    return 1 if department.refused else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A department's own software at its smallest.")
    for name in ("--kafka", "--unit", "--procedure", "--last-step"):  # resolved after this step, else at once
        parser.add_argument(name, required=name in ("--kafka", "--unit"))
    for name in ("--dossiers", "--tasks"):  # how many to see through, to do before it ends
        parser.add_argument(name, type=int, default=0)
    parser.add_argument("--simulated", action="store_true", help="for a stack made with --simulated")
    sys.exit(asyncio.run(main(parser.parse_args())))
