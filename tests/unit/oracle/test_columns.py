"""The oracle knows every fact that the product declares, and a fact it does not know fails a comparison."""

from __future__ import annotations

from shared.populations.dossiers import DOSSIERS
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS
from shared.populations.steps import STEP
from tests.oracle.cases.entered import Figure
from tests.oracle.cases.facts import Dossier
from tests.oracle.cases.petition import Petition
from tests.oracle.compare import compare_rows
from tests.oracle.rows import BESIDE, FIELDS, facts_form, petition_form, row_form
from tests.oracle.rows import STEP as STEP_FIELDS


def test_the_oracle_reads_every_fact_of_a_dossier() -> None:
    assert {fact.wire for fact in DOSSIERS.facts} == {*FIELDS, *BESIDE}
    assert {fact.wire for fact in STEP.facts} == {*STEP_FIELDS}


def test_the_oracle_reads_every_fact_of_a_petition_and_of_an_entered_figure() -> None:
    petition = {fact.wire for fact in PETITIONS.facts}
    assert petition == {*petition_form(Petition("P")), *BESIDE}
    # Whether a figure's sender may enter it is judged at the door alone: nothing is ever rejected.
    figure = {fact.wire for fact in INDICATORS.facts}
    assert figure == {*Figure(("s", "survey", "1"), None).form(), *BESIDE, "rejections"}


def test_a_member_the_oracle_does_not_know_is_a_difference() -> None:
    row = {"code": "a", "status": 1, "entries": 0, "simulated": True}
    facts = {"a": facts_form(Dossier("a"))}
    assert compare_rows({"a": row_form(row)}, facts) == []
    found = compare_rows({"a": row_form(row | {"novelty": 3})}, facts)
    assert found == ["a: novelty is 3, of which the oracle knows nothing"]
    assert compare_rows({"a": row_form(row | {"unit": "H44"})}, facts) == ["a: unit is H44, the oracle says None"]


def test_a_fact_the_product_does_not_tell_is_a_difference() -> None:
    form = row_form({"code": "a", "status": 1, "entries": 0})
    del form["due"]
    told = facts_form(Dossier("a", due=None))
    told["due"] = "some day"
    assert compare_rows({"a": form}, {"a": told}) == ["a: due is None, the oracle says some day"]
