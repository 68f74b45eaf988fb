"""The tree of units by their codes."""

from __future__ import annotations

import numpy as np

from services.metrics.units.tree import UnitTree, parent_of

CODES = [None, "H44.01.02", "H44.01", "H38.08.05", "General", "H44.100"]


def test_parent_is_the_code_without_its_last_part() -> None:
    assert [parent_of(code) for code in ("H38.100", "H15.50.05.13", "H38", ".x")] == ["H38", "H15.50.05", None, None]


def test_units_above_exist_though_no_dossier_names_them() -> None:
    tree = UnitTree(CODES)
    assert tree.codes == ("General", "H38", "H38.08", "H38.08.05", "H44", "H44.01", "H44.01.02", "H44.100")
    assert tree.children(None) == ["General", "H38", "H44"]
    assert tree.children("H44") == ["H44.01", "H44.100"]
    assert "H38.08" in tree
    assert "H99" not in tree


def test_inside_is_the_unit_and_all_below_never_a_longer_name() -> None:
    tree = UnitTree([*CODES, "H44.011"])
    assert tree.inside("H44.01").tolist() == [False, True, True, False, False, False, False]
    assert tree.inside("H44").tolist() == [False, True, True, False, False, True, True]


def test_counts_are_carried_to_the_top() -> None:
    tree = UnitTree(CODES)
    counts = tree.roll_up(np.array([[100], [1], [2], [4], [8], [16]]))
    by_code = dict(zip(tree.codes, counts[:, 0].tolist(), strict=True))
    assert by_code == {
        "General": 8,
        "H38": 4,
        "H38.08": 4,
        "H38.08.05": 4,
        "H44": 19,
        "H44.01": 3,
        "H44.01.02": 1,
        "H44.100": 16,
    }
