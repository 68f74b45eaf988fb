"""The page of all settings, from the settings classes: variable, type and limits, default, meaning."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from deploy.local.backends.topics import TopicSettings
from deploy.local.kind import KindSettings
from docs.generate.markdown import code, page, table
from services.intake.settings import IntakeSettings
from services.metrics.settings import MetricsSettings
from services.processing.settings import ProcessingSettings
from shared.settings import ServiceSettings

__all__ = ["PROGRAMS", "settings_page", "variable"]

#: What reads settings, by the module that is run.
PROGRAMS: Final[Mapping[str, type[ServiceSettings]]] = {
    "services.intake": IntakeSettings,
    "services.processing": ProcessingSettings,
    "services.metrics": MetricsSettings,
    "deploy.local.backends.topics": TopicSettings,
}
_WORDS: Final[Mapping[Any, str]] = {
    str: "text",
    SecretStr: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
    tuple[Path, ...]: "paths",
}
_HEADINGS: Final = ("variable", "type", "default", "meaning")
_INTRODUCTION: Final = """\
Every setting is an environment variable. A wrong value ends the program with one line that names the variable. A local
stack (`motcua up`, `make demo`) sets addresses and ports itself, keeps in its folder what it was made as (below), and
runs its services with the defaults of the others.
"""
_ELSEWHERE: Final = (
    ("`MOTCUA_LANG`", "`vi` or `en`", "by `LANG`", "language of the command line `motcua`"),
    ("`MOTCUA_HOME`", "path", "`.motcua`", "folder of the command line, as --home, which goes before it"),
    ("`MOTCUA_INTAKE`", "text", "unset", "base URL of intake: `motcua` goes to this stack unless --home is given"),
    ("`MOTCUA_PROCESSING`", "text", "unset", "of `motcua`: base URLs of processing's replicas, by commas"),
    ("`MOTCUA_METRICS`", "text", "unset", "of `motcua`: base URLs of metrics' replicas, by commas"),
    (
        "`MOTCUA_KEY`",
        "text",
        "unset",
        "of `motcua`: the key it shows; KAFKA, MONGO, PARTITIONS, GENERATION, REPLICATION as above",
    ),
    ("`MOTCUA_SEED`", "whole number", "the same each run", "seed of `make soak` and of the fault tests"),
    ("`MOTCUA_SOAK`", "whole number", "", "how many faults the fault tests make"),
)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"MOTCUA_{name.upper()}"


def settings_page() -> str:
    """The page as Markdown."""
    blocks: list[Iterable[str]] = [_INTRODUCTION.splitlines(), [""], ["## Every service", ""]]
    common = ServiceSettings.model_fields
    blocks.append(table(_HEADINGS, [_row(name, field) for name, field in common.items() if name != "port"]))
    for module, settings in PROGRAMS.items():
        own = {name: field for name, field in settings.model_fields.items() if field is not common.get(name)}
        kept = [_row(name, field) for name, field in own.items() if name not in common or _changed(name, field)]
        blocks += [[f"## `python -m {module}`", "", *_about(settings), ""], table(_HEADINGS, kept)]
    kind = [_row(name, field) for name, field in KindSettings.model_fields.items()]
    blocks += [["## `motcua up`", "", *_about(KindSettings), ""], table(_HEADINGS, kind)]
    blocks += [["## Elsewhere", ""], table(_HEADINGS, _ELSEWHERE)]
    return page("Settings", *blocks)


def _changed(name: str, field: FieldInfo) -> bool:
    return bool(field.default != ServiceSettings.model_fields[name].default)


def _about(settings: type[BaseSettings]) -> list[str]:
    return [line.strip() for line in (settings.__doc__ or "").strip().splitlines()]


def _row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    default = field.default
    if isinstance(default, bool):
        default = "true" if default else "false"
    return code(variable(name)), _type(field), "unset" if default is None else code(default), field.description or ""


def _type(field: FieldInfo) -> str:
    annotation: Any = field.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(one for one in get_args(annotation) if one is not types.NoneType)
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return " or ".join(code(one) for one in get_args(annotation))
    return ", ".join([_WORDS[annotation], *_limits(field.metadata)])


def _limits(metadata: Iterable[Any]) -> Iterable[str]:
    for limit in metadata:
        if isinstance(limit, annotated_types.Ge):
            yield f"≥ {limit.ge}"
        elif isinstance(limit, annotated_types.Gt):
            yield f"> {limit.gt}"
        elif isinstance(limit, annotated_types.Le):
            yield f"≤ {limit.le}"
        elif isinstance(limit, annotated_types.Lt):
            yield f"< {limit.lt}"
        elif isinstance(limit, annotated_types.MinLen):
            yield f"length ≥ {limit.min_length}"
        elif isinstance(limit, annotated_types.MaxLen):
            yield f"length ≤ {limit.max_length}"
        elif pattern := getattr(limit, "pattern", None):
            yield code(pattern)
