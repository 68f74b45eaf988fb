"""Which types are judged by their senders' grants is said once, and every entry of a dossier is on one side."""

from __future__ import annotations

from shared.contract.entries import ENTRY_MODELS, JUDGED_TYPES, UNGRANTED_TYPES, UNJUDGED_TYPES


def test_every_type_is_of_one_kind() -> None:
    kinds = (JUDGED_TYPES, UNJUDGED_TYPES, UNGRANTED_TYPES)
    assert sorted(type_ for kind in kinds for type_ in kind) == sorted(ENTRY_MODELS)


def test_what_tells_of_surroundings_needs_its_source_only() -> None:
    groups = {type_.partition(".")[0] for type_ in UNJUDGED_TYPES - {"dossier.fee_paid"}}
    assert "dossier.fee_paid" in UNJUDGED_TYPES
    assert groups == {"quality", "portal"}
    assert {type_.partition(".")[0] for type_ in JUDGED_TYPES} == {"dossier", "step", "petition"}
