"""No pattern and no Python is shown to people: every pattern of the contract is told in words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

import services.intake.deadletters.api
import services.intake.senders.sender
import shared.contract.calendar_data
import shared.contract.envelope
import shared.contract.reference
from shared.problems.field_errors import explain
from shared.problems.forms import form_of
from shared.problems.problem import from_field_errors

REGEX = re.compile(r"[\\^$*]|\[\^|\]\{|\\d|\(\?|\{\d+,")
MODULES = (
    shared.contract.envelope,
    shared.contract.calendar_data,
    shared.contract.reference,
    services.intake.senders.sender,
    services.intake.deadletters.api,
)


def patterns() -> set[str]:
    """What pydantic checks texts by in these modules, as their sources have it."""
    found = set()
    for module in MODULES:
        source = Path(module.__file__ or "").read_text(encoding="utf-8")
        found |= set(re.findall(r'pattern=r"([^"]+)"', source))
    return found


@pytest.mark.parametrize("pattern", sorted(patterns()))
def test_every_pattern_has_words(pattern: str) -> None:
    told = form_of(pattern)
    assert not REGEX.search(told.vi + told.en), told
    assert pattern not in (told.vi, told.en)


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        (r"^[A-Za-z0-9_.-]{1,64}$", "1 to 64 characters, capital letters A to Z, small letters a to z, digits, _ . -"),
        (r"^[0-9]{3,9}$", "3 to 9 characters, digits only"),
        (r"^[a-z]+$", "small letters a to z only"),
        (r"^[^\x00-\x1f\u200b]+$", "one line of text"),
        (r"^(?:x|y(?=z))\d*$", "described at /docs"),
    ],
)
def test_lists_of_signs_are_read(pattern: str, part: str) -> None:
    assert part in form_of(pattern).en


class Thing(BaseModel):
    code: Annotated[str, Field(pattern=r"^[^\x00-\x1f]+$")] = "a"
    channel: Literal["direct", "it's", "postal"] = "direct"
    flag: Literal[True, False] = True
    level: Literal[1, 2, 3] = 1


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"code": "a\tb"}, "one line of text without control signs"),
        ({"channel": "fax"}, "Use one of: direct, it's, postal."),
        ({"flag": "perhaps"}, "Use one of: true, false."),
        ({"level": 9}, "Use one of: 1, 2, 3."),
    ],
)
def test_remedies_are_words_in_both_languages(values: dict[str, object], part: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Thing).validate_python(values)
    problem = from_field_errors(422, explain(caught.value.errors()))
    vi, en = problem.body("vi")["remedy"], problem.body("en")["remedy"]
    assert part in en
    assert not REGEX.search(vi + en), (vi, en)
    assert " or " not in vi
