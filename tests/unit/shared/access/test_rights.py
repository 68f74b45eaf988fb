"""Roles are names for rights: those of before mean what they meant, and stored keys and key files work unchanged."""

from __future__ import annotations

import pytest

from services.intake.senders.sender import KEYS_FILE, bearer_of
from shared.access.bearer import Bearer
from shared.access.keys import hash_key
from shared.access.rights import OLD_ROLES, RIGHTS, ROLES, Right, rights_of, roles_with

ALL = set(RIGHTS)


def of(role: str, *units: str) -> Bearer:
    return Bearer("x", ("*",), units, frozenset({role}))


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("operator", {"read", "read_all", "deadletters"}),
        ("officer", {"read"}),
        ("agency", {"send", "read"}),
        ("auditor", {"read", "read_all", "audit"}),
        ("administrator", ALL),
        ("service", {"read"}),
        ("sender", {"send", "read"}),
        ("importer", {"send", "read"}),
        ("reference", {"reference"}),
        ("clock", {"clock"}),
        ("admin", ALL),
        ("of-a-newer-intake", set()),
    ],
)
def test_a_role_gives_its_rights(role: str, rights: set[Right]) -> None:
    assert of(role).rights == rights
    assert {right for right in RIGHTS if of(role).may(right)} == rights


def test_roles_add_up() -> None:
    assert rights_of(frozenset({"clock", "reference", "nobody"})) == {"clock", "reference"}
    assert rights_of(frozenset()) == frozenset()


def test_a_key_file_of_before_is_read_as_it_is() -> None:
    file = [
        {"sender": role, "hash": hash_key(role), "sources": ["*"], "units": ["H44"], "roles": [role]}
        for role in OLD_ROLES
    ]
    read = KEYS_FILE.validate_python(file)
    assert [record.model_dump(include=set(file[0])) for record in read] == file
    bearers = {record.sender: bearer_of(record) for record in read}
    # A sender of before reads the units it may name, with all below.
    assert [bearers["sender"].reads(unit) for unit in ("H44", "H44.01", "H45")] == [True, True, False]
    assert bearers["sender"].names("H44.01")
    assert not bearers["reference"].reads("H44")
    assert bearers["admin"].reads("H45")


@pytest.mark.parametrize("role", [role for role in ROLES if "read_all" not in ROLES[role]])
def test_what_concerns_no_unit_is_seen_by_who_reads_all_alone(role: str) -> None:
    assert not of(role, "*").reads(None)
    assert of("auditor").reads(None)


def test_a_unit_below_a_covered_one_as_registered_is_read_too() -> None:
    officer = of("officer", "H44.02")
    assert not officer.reads("commune")
    assert officer.reads("commune", above=("H44.02", "H44"))
    assert not officer.reads("commune", above=("H44",)), "what is above it is not its own"
    assert not of("clock", "H44.02").reads("H44.02"), "units without the right to read give nothing"


@pytest.mark.parametrize("right", RIGHTS)
def test_whoever_lacks_a_right_is_told_a_role_that_gives_it(right: Right) -> None:
    told = roles_with([right])
    assert "administrator" in told
    assert all(right in rights_of(frozenset({str(role)})) for role in told)
    assert not {"service", "admin", "sender", "importer"} & set(told)
