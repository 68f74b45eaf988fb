"""What reads a row is made of one declaration: the contract's model and metrics' decoder agree on good and bad rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from services.metrics.table.decode import Decoder, Unusable
from services.metrics.table.facts import tables
from shared.contract.lifecycle import LIFECYCLE_ADAPTER
from shared.populations.all import POPULATIONS
from shared.populations.fact import Fact, Population
from tests.unit.metrics.build import ZONE
from tests.unit.shared.populations.rows import bad, good, row_of

EACH = [(population, fact) for population in POPULATIONS for fact in population.facts]
KEPT = [(population, fact) for population, fact in EACH if fact.kept or fact is population.facts[0]]
NAMES = [f"{population.name}.{fact.wire}" for population, fact in KEPT]


def record(population: Population, row: dict[str, Any]) -> tuple[bytes, bytes]:
    """Key and value of the record with a row."""
    code = row.get("code")
    key = population.key(code if isinstance(code, str) else "H44")
    event = {
        "specversion": "1.0",
        "id": "e1-0-7-x-0",
        "source": "motcua/processing/e1",
        "subject": key,
        "time": "2026-08-03T01:00:00.000000Z",
        "type": population.event,
        "data": {"cause": {"epoch": 1, "partition": 0, "offset": 7, "index": 0}, "row": row},
    }
    return key.encode(), orjson.dumps(event)


@pytest.mark.parametrize(("population", "fact"), KEPT, ids=NAMES)
def test_both_take_every_good_value_and_the_table_has_it(population: Population, fact: Fact) -> None:
    for value in good(fact):
        key, told = record(population, row_of(population.facts) | {fact.wire: value})
        LIFECYCLE_ADAPTER.validate_json(told)
        table = tables(ZONE)[population.name]
        assert table.apply([Decoder(1)(0, key, told)]) == 1


@pytest.mark.parametrize(("population", "fact"), KEPT, ids=NAMES)
def test_both_refuse_every_bad_value(population: Population, fact: Fact) -> None:
    wrong = [row_of(population.facts) | {fact.wire: value} for value in bad(fact)]
    if fact.required:
        wrong.append({name: value for name, value in row_of(population.facts).items() if name != fact.wire})
    assert wrong
    for row in wrong:
        key, told = record(population, row)
        with pytest.raises(ValidationError):
            LIFECYCLE_ADAPTER.validate_json(told)
        with pytest.raises(Unusable) as caught:
            Decoder(1)(0, key, told)
        assert caught.value.reason == "malformed", row


def test_what_is_told_of_a_refusal_holds_nothing_of_the_record() -> None:
    for population, fact in KEPT:
        for value in bad(fact):
            key, told = record(population, row_of(population.facts) | {fact.wire: value})
            with pytest.raises(Unusable) as caught:
                Decoder(1)(0, key, told)
            assert "pigeon" not in caught.value.detail
            assert "x" * 20 not in caught.value.detail


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda one: one.name)
def test_every_fact_is_named_once(population: Population) -> None:
    assert population.facts[0].wire == "code"
    for names in ([fact.wire for fact in population.facts], [fact.column for fact in population.kept]):
        assert len(set(names)) == len(names)
    wanted = {fact.otherwise for fact in population.kept} | {fact.not_before for fact in population.kept}
    assert wanted - {""} <= {fact.column for fact in population.kept}


def test_the_digest_is_of_what_a_table_holds() -> None:
    [dossiers, *_] = POPULATIONS
    *first, last = dossiers.facts
    assert last.kept
    said = replace(dossiers, facts=(*first, replace(last, meaning="in other words", source="a circular")))
    assert said.digest == dossiers.digest
    for other in (replace(last, column="other"), replace(last, wire="other"), replace(last, required=True)):
        assert replace(dossiers, facts=(*first, other)).digest != dossiers.digest
    assert replace(dossiers, facts=tuple(first)).digest != dossiers.digest
