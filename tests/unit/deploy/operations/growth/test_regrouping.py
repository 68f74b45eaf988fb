"""Where records go when the journal gets more partitions: nothing lost, doubled or mended on the way."""

from __future__ import annotations

import random
from collections import Counter

import orjson
import pytest

from deploy.operations.growth.regrouping import Regrouping
from shared.broker.partition import partition_of

OLD, NEW = 3, 5


def entry(type_: str, subject: str, id_: str = "1") -> tuple[bytes, bytes]:
    return subject.encode(), orjson.dumps({"type": type_, "subject": subject, "id": id_})


def test_a_dossier_goes_to_its_partition() -> None:
    copy = Regrouping(OLD, NEW)
    for number in range(200):
        key, value = entry("dossier.accepted", f"H01-{number}")
        code = key.decode()
        assert copy.targets(partition_of(code, OLD), key, value) == (partition_of(code, NEW),)


def test_what_stood_in_a_wrong_partition_stands_in_a_wrong_one() -> None:
    copy = Regrouping(OLD, NEW)
    for number in range(200):
        key, value = entry("dossier.accepted", f"H01-{number}")
        code = key.decode()
        (target,) = copy.targets((partition_of(code, OLD) + 1) % OLD, key, value)
        assert target != partition_of(code, NEW)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"H01-1", b"no json"),
        (b"H01-1", None),
        (None, b"{}"),
        (b"clock", b"[1]"),
        (b"reference", b"no json"),
        (b"other", orjson.dumps({"type": "dossier.accepted", "subject": "H01-1"})),
        (b"H01-1", orjson.dumps({"type": "clock.ticked", "subject": "clock"})),
        (b"H01-1", orjson.dumps({"type": 3, "subject": 4})),
    ],
)
def test_what_nobody_understands_is_kept_once(key: bytes | None, value: bytes | None) -> None:
    copy = Regrouping(OLD, NEW)
    assert [len(copy.targets(2, key, value)) for _ in range(3)] == [1, 1, 1]


def test_a_dossier_may_be_called_clock() -> None:
    key, value = entry("dossier.accepted", "clock")
    copy = Regrouping(OLD, NEW)
    assert copy.targets(partition_of("clock", OLD), key, value) == (partition_of("clock", NEW),)


@pytest.mark.parametrize("subject", ["clock", "reference", "H44"])
def test_a_figure_goes_by_its_subject_whatever_that_is_called(subject: str) -> None:
    key, value = entry("indicator.entered", subject)
    copy = Regrouping(OLD, NEW)
    assert copy.targets(partition_of(subject, OLD), key, value) == (partition_of(subject, NEW),)
    assert copy.unequal == 0


def test_figures_that_were_told_to_every_partition_still_are() -> None:
    """Each partition knows the one of its own; so there is one also in the partition that its subject has then."""
    _, value = entry("indicator.entered", "H44")
    copy = Regrouping(OLD, NEW)
    found = [copy.targets(partition, b"reference", value) for partition in range(OLD)]
    assert [list(targets) for targets in found] == [[*range(NEW)], [], []]
    assert copy.unequal == 0


@pytest.mark.parametrize("seed", range(20))
def test_what_all_partitions_had_all_have_as_often(seed: int) -> None:
    """Partitions are read in any interleaving; each has the same records for all, some of them repeated."""
    chance = random.Random(seed)
    shared = [(b"clock", orjson.dumps({"type": "clock.ticked", "subject": "clock", "id": n})) for n in range(30)]
    shared += [(b"reference", orjson.dumps({"type": "unit.revised", "subject": f"H{n}"})) for n in range(10)]
    shared += chance.choices(shared, k=8)
    chance.shuffle(shared)
    partial = (b"clock", orjson.dumps({"type": "clock.ticked", "subject": "clock", "id": "some"}))
    queues = [[*shared] for _ in range(OLD)]
    queues[1].insert(7, partial)
    copy = Regrouping(OLD, NEW)
    found: list[list[tuple[bytes, bytes]]] = [[] for _ in range(NEW)]
    while any(queues):
        partition = chance.choice([number for number, queue in enumerate(queues) if queue])
        record = queues[partition].pop(0)
        for target in copy.targets(partition, *record):
            found[target].append(record)
    for own in found:
        assert Counter(own) == Counter([*shared, partial])
    assert copy.unequal == 1, "only what one partition alone had is still counted"
