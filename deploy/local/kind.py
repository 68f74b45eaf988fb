"""What a stack of a home folder is made as, by options or variables; later ones must say the same. Starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from shared.messages import MESSAGES, Language
from shared.problems.field_errors import explain
from shared.settings import ZoneName

__all__ = ["KindSettings", "stack_of"]

#: What people call each setting: Vietnamese, English.
_WORDS: Final = {
    "clock": ("đồng hồ", "clock"),
    "simulated": ("dữ liệu mô phỏng", "simulated"),
    "zone": ("múi giờ", "zone"),
    "partitions": ("số phân vùng", "partitions"),
    "generation": ("thế hệ sổ nhật ký", "generation"),
    "brokers": ("số máy chủ Kafka", "brokers"),
    "entry_cap": ("số sự kiện tối đa của một hồ sơ", "entry cap"),
    "code_forms": ("dạng mã hồ sơ", "code forms"),
}


class KindSettings(BaseSettings):
    """What a stack of a home folder is; kept there when it is made, and the same from then on."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_ignore_empty=True, extra="ignore", frozen=True)

    clock: Annotated[
        Literal["live", "data"] | None,
        Field(description="live: intake ticks by the wall clock; data: the data bring the clock"),
    ] = None
    simulated: Annotated[bool | None, Field(description="whether the stack holds simulated data only")] = None
    zone: Annotated[ZoneName | None, Field(description="IANA time zone of all day boundaries")] = None
    partitions: Annotated[
        int | None, Field(ge=1, le=1024, description="partitions of its first journal; `motcua grow` gives it more")
    ] = None
    generation: Annotated[int | None, Field(ge=1, le=1024, description="generation of its journal")] = None
    brokers: Annotated[int | None, Field(ge=1, le=5, description="Kafka brokers")] = None
    entry_cap: Annotated[
        int | None, Field(ge=100, le=10_000, description="entries a dossier may have; 1000 unless said otherwise")
    ] = None
    code_forms: Annotated[
        Literal["national,old", "national", "old"] | None,
        Field(description="forms of dossier codes whose unit may act on the dossier; all unless said otherwise"),
    ] = None


def stack_of(home: Home, options: Mapping[str, Any]) -> Stack:
    """The stack of a home, or a new one as options, else the environment's variables, want it. Writes nothing.

    Args:
        home: its folder.
        options: by the names of `KindSettings`; None where none was given.

    Raises:
        StackError: a value that cannot be, or another one than the stack there was made with; names the option or
            the variable, the home's value and the remedy.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        wanted = KindSettings(**given)
    except ValidationError as error:
        raise _refused(error, given) from error
    stack = home.load()
    for name in KindSettings.model_fields:
        value = getattr(wanted, name)
        if value is None:
            continue
        if home.exists() and getattr(stack, name) != value:
            raise _other(home, name, value, getattr(stack, name), option=name in given)
        setattr(stack, name, value)
    return stack


def _source(name: str, *, option: bool) -> str:
    return f"--{name}" if option else f"MOTCUA_{name.upper()}"


def _refused(error: ValidationError, given: Mapping[str, Any]) -> StackError:
    """The first value that cannot be, with the values that can."""
    first = explain(error.errors(include_url=False))[0]
    name = first.field.partition(".")[0]
    message = MESSAGES["calendar_zone_unknown" if name == "zone" else first.code]
    words = {"field": _source(name, option=name in given), "value": first.value, **first.parameters}

    def told(language: Language) -> str:
        value = "" if name == "zone" else f" ({first.value})"
        return f"{message.detail.fill(language, words)} {message.remedy.fill(language, words)}{value}"

    return StackError(told("en"), vi=told("vi"))


def _other(home: Home, name: str, value: object, made: object, *, option: bool) -> StackError:
    source, (vi, en) = _source(name, option=option), _WORDS[name]
    value, made = (str(one).lower() if isinstance(one, bool) else one for one in (value, made))
    shown = f"{source} {value}" if option else f"{source}={value}"
    remedies = [("bỏ tùy chọn này", "leave the option out") if option else ("bỏ biến này", "unset the variable")]
    if name == "partitions" and isinstance(value, int) and isinstance(made, int) and value > made:
        remedies.append((f"tăng bằng `motcua grow --partitions {value}`", f"use `motcua grow --partitions {value}`"))
    remedies.append(("dùng --home khác cho hệ thống mới", "choose another --home for a new stack"))
    return StackError(
        f"{shown}: the stack in {home.path} was made with {en} {made}; {', or '.join(en for _, en in remedies)}",
        vi=f"{shown}: hệ thống trong {home.path} được tạo với {vi} {made}; {', hoặc '.join(vi for vi, _ in remedies)}",
    )
