"""The words for figures and states: of all that the service declares, in both languages."""

from __future__ import annotations

from motcua.cli.figures.figure_words import PETITION_STATES, STATES, FigureNames
from motcua.cli.figures.steps import STEP_LISTS
from services.metrics.http.figures_api import FIGURES_ANSWER
from services.metrics.http.index_answers import Index
from services.metrics.indicators import declared


def test_words_are_there_for_all_that_is_served() -> None:
    names = FigureNames(FIGURES_ANSWER, "vi")
    assert names.beside == [count.key for count in declared.beside()]
    assert names.components == [one.code for one in declared.INDICATORS]
    by_population = {"dossiers": STATES, "petitions": PETITION_STATES}
    for population, keys in by_population.items():
        assert tuple(state.key for state in declared.STATES if state.population == population) == keys
    assert tuple(one.key for one in declared.COUNTS if one.population == "steps") == STEP_LISTS
    assert {*names.beside} <= set(Index.model_fields)
    for one in declared.COUNTS:
        assert (names.step if one.population == "steps" else names.figure)(one.key) == one.name.vi
    assert [names.share(share.key) for share in declared.SHARES] == [share.name.vi for share in declared.SHARES]
    assert names.list_of("3.3.numerator") == "3.3 nộp trực tuyến, tử số"
    assert names.list_of("apology_coverage.denominator") == "tỷ lệ đã xin lỗi, mẫu số"
    assert names.figure("not there") == names.list_of("not there") == "not there"


def test_states_of_each_population_have_their_names() -> None:
    for language in ("vi", "en"):
        names = FigureNames(FIGURES_ANSWER, language)
        named = {"dossiers": names.state, "petitions": names.petition_state}
        for state in declared.STATES:
            assert named[state.population](state.key) == getattr(state.name, language)
