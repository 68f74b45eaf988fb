"""The language of mapping files as pydantic models, and its JSON Schema. Reads no file and knows no line numbers.

Every scalar of a mapping file arrives as the text that was written, so that `no`, `0102` and `2025-01-05` stay what
they are in the source; the models turn it into numbers and booleans where the language wants them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from motcua.importing.encodings.names import Repair

__all__ = ["Condition", "EntryRule", "FileFormat", "Kind", "Mapping", "Value", "schema"]

Kind = Literal["text", "due", "date", "instant", "integer", "boolean", "minutes"]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _several(value: Any) -> Any:
    """A single text or condition where a list of them is meant."""
    return value if isinstance(value, list) else [value]


class Value(_Strict):
    """Where a value comes from.

    Short forms: a text, in which `{column}` stands for the cell; a list = the first of its members that is not empty.
    A value is empty as soon as one column its text names is empty.
    """

    column: str | None = Field(default=None, description="take the cell of this column as it is")
    text: str | None = Field(default=None, description="a text in which {column} stands for the cell")
    first: list[Value] | None = Field(default=None, min_length=1, description="the first of these that is not empty")
    map: dict[str, str | None] | str | None = Field(
        default=None, description="what a value becomes (nothing = empty), or the name of one of `maps`"
    )
    default: str | None = Field(default=None, description="for an empty cell, and for values not in the map")
    strict: bool = Field(default=False, description="refuse values that are not in the map")
    as_: Kind | None = Field(default=None, alias="as", description="what the value is; by default what the field needs")
    formats: list[str] | None = Field(default=None, min_length=1, description="time formats of this value only")
    zone: str | None = Field(default=None, description="IANA zone of times without offset, for this value only")
    thousands: str | None = Field(default=None, max_length=1, description="character that groups digits, such as .")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"text": given}
        if isinstance(given, list):
            return {"first": given}
        if isinstance(given, dict) and len(given) == 1:
            (key, inner), *_ = given.items()
            if inner is None and key not in cls.model_fields and key != "as":
                raise PydanticCustomError("quotes_needed", "put quotes around it", {"column": key})
        if given is None:
            raise PydanticCustomError("value_missing", "say where the value comes from")
        return given

    @field_validator("formats", mode="before")
    @classmethod
    def _one_format(cls, value: Any) -> Any:
        return _several(value)

    @model_validator(mode="after")
    def _one_origin(self) -> Value:
        given = [name for name in ("column", "text", "first") if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_origin", "give exactly one of column, text, first")
        if self.strict and self.map is None:
            raise PydanticCustomError("strict_without_map", "strict needs a map")
        return self


class Condition(_Strict):
    """What a row must satisfy: all that is given must hold for the column's cell."""

    column: str
    is_: list[str] | None = Field(default=None, alias="is", min_length=1, description="the cell is one of these")
    not_: list[str] | None = Field(default=None, alias="not", min_length=1, description="the cell is none of these")
    matches: str | None = Field(default=None, description="a regular expression that occurs in the cell")
    empty: bool | None = Field(default=None, description="true: the cell is empty; false: it is not")

    @field_validator("is_", "not_", mode="before")
    @classmethod
    def _one_text(cls, value: Any) -> Any:
        return _several(value)

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if self.is_ is None and self.not_ is None and self.matches is None and self.empty is None:
            raise PydanticCustomError("empty_condition", "give is, not, matches or empty")
        return self


class FileFormat(_Strict):
    """How the file is written; a process log (XES) says nearly all of it itself."""

    encoding: str = Field(
        default="utf-8", description="such as utf-8, utf-16, windows-1258, windows-1252, tcvn3, vni, viscii"
    )
    delimiter: str | None = Field(default=None, description="one character, or `tab`; by default a comma")
    quote: str = Field(default='"', description="one character, or `none`")
    header_line: int = Field(
        default=1, ge=1, le=1000, description="line with the column names; those above are skipped"
    )
    columns: list[str] | None = Field(default=None, min_length=1, description="column names of a file without header")
    sheet: list[str] | None = Field(
        default=None,
        min_length=1,
        description="of a workbook: name or number of the sheet, or several, or `*`: all that have the columns; by"
        " default the first with data; of HTML: the number of a table, by default the largest",
    )
    header_rows: int = Field(
        default=1,
        ge=1,
        le=5,
        description="of a workbook or HTML: rows of the heading; names of several are `Group / Name`",
    )
    case: str | None = Field(
        default=None, description="of a process log: the attribute that holds the case of events outside every trace"
    )
    short_rows: Literal["refuse", "fill"] = Field(default="refuse", description="rows with too few cells")
    repair: Repair | None = Field(
        default=None,
        description="how texts are mended: from an older encoding in which cells were typed (`tcvn3`, `vni`,"
        " `viscii`, `windows-1258`), or as UTF-8 that was read as something else and saved again (`mojibake`)",
    )
    multiline: bool | list[str] = Field(
        default=False, description="columns whose quoted cells may run over line ends; true: all of them"
    )

    @field_validator("sheet", mode="before")
    @classmethod
    def _one_sheet(cls, value: Any) -> Any:
        return _several(value)

    @field_validator("multiline", mode="before")
    @classmethod
    def _one_column(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value, [value])
        return value


class EntryRule(_Strict):
    """One entry that a row becomes, when its conditions hold and its time is not empty."""

    type: str = Field(description="an entry type, such as dossier.accepted")
    name: Name | None = Field(default=None, description="part of the id; by default the type")
    once: Literal[True, False, "earliest", "latest"] | None = Field(
        default=None,
        description="once per dossier: from the first row that gives it (true), or the row with the earliest or latest"
        " time",
    )
    when: list[Condition] = Field(default_factory=list, description="all must hold, or the row gives no such entry")
    time: Value | None = Field(default=None, description="when it happened; by default the mapping's `time`")
    id: Value | None = Field(default=None, description="by default made of dossier, name and (per event) content")
    sequence: str | None = Field(default=None, description="by default the mapping's `sequence`")
    revision: Value | None = Field(default=None, description="by default the mapping's `revision`")
    data: dict[str, Value] = Field(default_factory=dict, description="the entry's data, field by field")

    @field_validator("once", mode="before")
    @classmethod
    def _yes_or_no(cls, value: Any) -> Any:
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value

    @field_validator("when", mode="before")
    @classmethod
    def _one_condition(cls, value: Any) -> Any:
        return _several(value)


class Mapping(_Strict):
    """A mapping file: what the rows of a table or the events of a log say about dossiers."""

    version: Literal[1] = Field(default=1, description="version of the mapping language")
    source: Value = Field(description="who speaks: the entries' source, within what the key may name")
    row: Literal["dossier", "event"] = Field(description="what one row is")
    dossier: Value = Field(description="the dossier code")
    simulated: bool = Field(default=False, description="true for data that are not real")
    file: FileFormat = Field(default_factory=FileFormat)
    zone: str = Field(default="Asia/Ho_Chi_Minh", description="IANA zone of times without offset; else the stack's")
    formats: list[str] = Field(default=["iso"], min_length=1, description="time formats, tried in this order")
    empty: list[str] = Field(default_factory=list, description="cell texts that mean empty, such as NULL or -")
    maps: dict[str, dict[str, str | None]] = Field(default_factory=dict, description="value maps used more than once")
    keep: list[Condition] = Field(default_factory=list, description="only rows for which all hold")
    drop: list[Condition] = Field(default_factory=list, description="no row for which any holds")
    time: Value | None = Field(default=None, description="when the row happened, for entries that say no time")
    sequence: str | None = Field(
        default=None, description="order at the same time: row, row_reversed, first, last, a number, or a {column}"
    )
    revision: Value | None = Field(default=None, description="a number or an instant; a higher one replaces")
    repeats: Literal["once", "count"] = Field(
        default="once", description="events without an id that say the same: `once`: they are one; `count`: each counts"
    )
    entries: list[EntryRule] = Field(min_length=1, description="what each row becomes")

    @field_validator("version", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return int(value) if isinstance(value, str) and value.isdigit() else value

    @field_validator("formats", "empty", "keep", "drop", mode="before")
    @classmethod
    def _one_of_several(cls, value: Any) -> Any:
        return _several(value)


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of mapping files, for editors and for docs/contract/mapping.schema.json."""
    made = Mapping.model_json_schema(by_alias=True)
    long_form = made["$defs"]["Value"]
    description = " ".join(long_form.pop("description").split())
    for name in ("properties", "$defs"):
        made[name] = {key: _short_forms(key, part) for key, part in made[name].items()}
    text = {"type": ["string", "number", "boolean"]}
    several = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Value"}}
    long_form = made["$defs"]["Value"]
    made["$defs"]["Value"] = {"title": "Value", "description": description, "anyOf": [text, several, long_form]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


#: Lists for which one member may stand alone.
_ONE_OR_MORE = frozenset({"sheet", "formats", "empty", "keep", "drop", "when", "is", "not"})


def _short_forms(name: str, part: Any) -> Any:
    """What YAML reads where the language wants a text (numbers, booleans), and single members of lists."""
    if isinstance(part, list):
        return [_short_forms(name, member) for member in part]
    if not isinstance(part, dict):
        return part
    made = {
        key: {inner: _short_forms(inner, value) for inner, value in member.items()}
        if key in ("properties", "$defs")
        else _short_forms(name if key in ("anyOf", "items") else "", member)
        for key, member in part.items()
    }
    if made.get("type") == "string" and not made.keys() & {"enum", "const", "pattern"}:
        made["type"] = ["string", "number", "boolean"]
    if made.get("type") == "array" and name in _ONE_OR_MORE:
        return {"anyOf": [made, made["items"]]}
    return made
