"""What pydantic finds wrong, told by field, value and parameters."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.problems.field_errors import FieldError, explain, field_path, shown


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=3, pattern="^[a-z]+$")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["a", "b"] = "a"
    many: list[Inner] = []
    number: int = Field(default=1, ge=0, le=5)
    yes: bool = True
    at: AwareDatetime | None = None
    day: date | None = None


def _first(**values: Any) -> FieldError:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(values, strict=False)
    return explain(caught.value.errors())[0]


@pytest.mark.parametrize(
    ("values", "code", "field", "value"),
    [
        ({"kind": "c"}, "not_allowed_value", "kind", "c"),
        ({"many": [{"code": "a"}, {}]}, "missing_field", "many[1].code", None),
        ({"many": [{"code": "abcd"}]}, "wrong_length", "many[0].code", "abcd"),
        ({"many": [{"code": "A"}]}, "wrong_form", "many[0].code", "A"),
        ({"many": {}}, "wrong_type", "many", None),
        ({"number": 9}, "out_of_range", "number", 9),
        ({"number": "x"}, "wrong_type", "number", "x"),
        ({"yes": "perhaps"}, "wrong_type", "yes", "perhaps"),
        ({"at": "2026-08-25T08:00:00"}, "wrong_instant", "at", "2026-08-25T08:00:00"),
        ({"at": "soon"}, "wrong_instant", "at", "soon"),
        ({"day": "25.8."}, "wrong_date", "day", "25.8."),
        ({"hoTen": "Nguyễn Văn A"}, "unknown_field", "hoTen", None),
    ],
)
def test_each_kind_of_error_has_its_code(values: dict[str, Any], code: str, field: str, value: object) -> None:
    error = _first(**values)
    assert (error.code, error.field, error.value) == (code, field, value)


def test_at_most_twenty_errors_are_told() -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"many": [{}] * 100})
    assert len(explain(caught.value.errors())) == 20


@pytest.mark.parametrize(
    ("value", "echoed"),
    [
        ("x" * 101, "x" * 100 + "…"),
        ("x" * 100, "x" * 100),
        (10**30, str(10**30)),
        (10**500, "…"),
        (float("nan"), "nan"),
        (True, True),
        ({"a": 1}, None),
        ([1], None),
        ("a\ud800", "a?"),
    ],
)
def test_only_short_scalars_are_echoed(value: object, echoed: object) -> None:
    assert shown(value) == echoed


def test_paths_are_written_as_people_write_them() -> None:
    assert field_path(("data", "route", 0, "unit")) == "data.route[0].unit"
    assert len(field_path(("x" * 500,))) == 100
