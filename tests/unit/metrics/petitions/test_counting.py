"""Petitions are counted by the same core as dossiers, by unit: that of their dossier where they have none.

The figures are those of components 5.2 and 5.3 of Decision 766, which no answer tells yet.
"""

from __future__ import annotations

import numpy as np
import pytest

from services.metrics.counting.joined import Joined
from services.metrics.counting.question import Mask, Moment, Question
from services.metrics.follow.view import View
from services.metrics.http.petitions import petitions as petitions_listed
from services.metrics.indicators.declaration import Count, Distinct, Indicator, Score, Where
from services.metrics.indicators.figures import Figures
from services.metrics.petitions import predicates as petitions
from services.metrics.petitions.under import counted_under
from services.metrics.results.evaluate import evaluate
from services.metrics.results.exports import figures_text
from services.metrics.results.live import live_figures
from services.metrics.table.decode import Decoder, PartitionClock
from services.processing.cases import petition_case
from services.processing.facts.row import encoder
from services.processing.stream.output import Records
from shared.messages.base import Text
from shared.populations.petitions import PETITIONS
from tests.unit.metrics.build import AUGUST, ZONE, fact
from tests.unit.processing.petitions.acts import at, facts, pet

NAME = Text("tên", "name")
OF = PETITIONS.name
SIX = Score(6, 100, "full", "zero")


def good(q: Question) -> Mask:
    return q(petitions.population) & ~q(petitions.bad)


FIGURES = Figures(
    [Count("answered", NAME, "answered in the period", petitions.answered, population=OF)],
    [
        Indicator("5.2", NAME, Where(petitions.in_time), Where(petitions.population), SIX, "766", population=OF),
        Indicator("5.3", NAME, Where(good), Where(petitions.population), SIX, "766", population=OF),
        Indicator(
            "units",
            NAME,
            Distinct("dossier", petitions.bad),
            Distinct("dossier", petitions.population),
            SIX,
            "test",
            population=OF,
        ),
    ],
)


def view_of() -> View:
    """Five petitions: two of a commune, three about dossiers of which one is not known and has no unit."""
    view = View(1, 1, ZONE)
    view.table.apply([fact("d1", unit="H38.100"), fact("d2", unit="H38.08.05")])
    cases = {
        "good": [pet("received", "08-03 09:00", unit="H38.08"), pet("answered", "08-22 17:00")],
        "late": [pet("received", "08-03 09:00", unit="H38.08", dossier="d1"), pet("answered", "08-25 09:00")],
        "of d1": [pet("received", "08-03 09:00", dossier="d1"), pet("refused", "08-06 09:00")],
        "of d2": [
            pet("received", "08-03 09:00", dossier="d2"),
            pet("answered", "08-04 09:00"),
            pet("judged", "08-05 09:00", verdict="disliked"),
        ],
        "of nobody": [pet("received", "08-28 09:00", dossier="d9")],
    }
    encode, decoder, table = encoder(PETITIONS.facts), Decoder(1), view.tables[OF]
    for offset, (code, entries) in enumerate(cases.items()):
        known = facts(*({**entry, "subject": code} for entry in entries))
        table.apply([decoder(0, *Records(1, 0).case(petition_case(code), offset, 0, encode(known), []))])
    return view


def test_components_of_petitions_by_every_unit() -> None:
    view = view_of()
    table = Joined(view.tables[OF], unit=counted_under(view))
    tally = FIGURES.tally(table, Moment(AUGUST.start, AUGUST.end, AUGUST.end))
    tree = view.tree()
    total, by_node = FIGURES.by_node(tally, tree, len(view.table.units))
    found = {
        code: {
            one: (told["numerator"], told["denominator"], told["ratio"], told["score"])
            for one, told in FIGURES.shown(line, future=False)["components"].items()
        }
        for code, line in [(None, total), *((code, by_node[tree.node(code)]) for code in tree.codes)]
    }
    assert found[None]["5.2"] == (3, 5, "60.00", "3.60")
    assert found[None]["5.3"] == (2, 5, "40.00", "2.40")
    # Dossiers named are counted anew at every node: d1 by two petitions of different units.
    assert found[None]["units"][:2] == (2, 3)
    assert found["H38.08"]["5.2"] == (2, 3, "66.67", "4.00")
    assert found["H38.08.05"]["5.3"] == (0, 1, "0.00", "0.00")
    assert found["H38.100"]["5.2"] == (0, 1, "0.00", "0.00")
    assert found["H38"]["5.2"] == (2, 4, "50.00", "3.00")
    assert found["H38"]["units"][:2] == (2, 2)
    assert FIGURES.shown(total, future=False)["answered"] == 3


def test_petitions_under_way_are_exported_by_unit_and_state() -> None:
    view = view_of()
    view.marks[0].clock = PartitionClock(9, at("08-30 09:00"))
    live = live_figures(view)
    assert live is not None
    assert live.petitions["open"] == {None: 1}, "what ended is of no moment; what nobody knows the unit of is in all"
    view.marks[0].clock = PartitionClock(10, at("10-30 09:00"))
    live = live_figures(view)
    assert live is not None
    assert (live.petitions["overdue"], live.petitions["waiting"]) == ({None: 1}, {None: 0})
    assert b'motcua_petitions{state="overdue",unit="*"} 1.0' in figures_text(evaluate(view, simulated=False), live, 9)


def test_a_unit_that_only_petitions_name_is_a_unit() -> None:
    """H38.08 has no dossier of its own: its petitions are listed and counted all the same."""
    view = view_of()
    total, _ = petitions_listed(view, petitions.population, "H38.08", offset=0, limit=10)
    assert (total, "H38.08" in view.tree().counted) == (3, True)


def test_nothing_received_scores_full_as_the_portal_does() -> None:
    view = View(1, 1, ZONE)
    table = Joined(view.tables[OF], unit=counted_under(view))
    told = FIGURES.shown(
        FIGURES.total(FIGURES.tally(table, Moment(AUGUST.start, AUGUST.end, AUGUST.end))), future=False
    )
    assert told["components"]["5.2"] == {"numerator": 0, "denominator": 0, "ratio": "0.00", "score": "6.00"}


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="another length"):
        Joined(view_of().tables[OF], unit=np.zeros(3, np.int32))
