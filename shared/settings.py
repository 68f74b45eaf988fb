"""Settings every service has: one class per service extends this one; a wrong value names its MOTCUA_ variable."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.broker.topics import journal

__all__ = ["ServiceSettings", "ZoneName", "load_settings"]


def _is_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone; use one such as Asia/Ho_Chi_Minh") from error
    return value


#: Name of a time zone that this machine knows.
ZoneName = Annotated[str, AfterValidator(_is_zone)]


class ServiceSettings(BaseSettings):
    """Connections, addresses and the kind of stack a service belongs to."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", extra="ignore", frozen=True)

    kafka: Annotated[str, Field(description="Kafka bootstrap servers, host:port[,host:port]")] = "127.0.0.1:19092"
    mongo: Annotated[str, Field(description="MongoDB connection string")] = "mongodb://127.0.0.1:27117"
    host: Annotated[str, Field(description="address the HTTP server listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="port of the HTTP server")] = 8800
    zone: Annotated[ZoneName, Field(description="IANA time zone of all day boundaries")] = "Asia/Ho_Chi_Minh"
    simulated: Annotated[bool, Field(description="whether the stack holds simulated data only")] = False
    partitions: Annotated[int, Field(ge=1, le=1024, description="partitions of this journal generation")] = 4
    generation: Annotated[
        int, Field(ge=1, le=1024, description="generation of the journal; another partition count is the next one")
    ] = 1
    stop_seconds: Annotated[
        float, Field(ge=2, le=3600, description="longest time the end may take; afterwards the process leaves")
    ] = 18.0
    http_connections: Annotated[
        int, Field(ge=1, le=100_000, description="HTTP connections at a time; health and metrics have a few more")
    ] = 1_000
    http_idle_seconds: Annotated[
        float, Field(gt=0, le=3600, description="seconds a connection may wait for a request to begin")
    ] = 60.0
    http_head_seconds: Annotated[
        float, Field(gt=0, le=3600, description="seconds a request's head may take from its first byte")
    ] = 10.0
    http_body_seconds: Annotated[
        float, Field(gt=0, le=3600, description="seconds a body, or the reading of an answer, may stand still")
    ] = 30.0
    http_body_rate: Annotated[int, Field(ge=1, description="bytes a second that a body must bring in the long run")] = (
        4_096
    )
    patience_seconds: Annotated[
        float,
        Field(ge=0, description="seconds without a good answer of /health/live until it is started anew; 0: never"),
    ] = 30.0
    stack: Annotated[
        str,
        Field(
            pattern="^[A-Za-z0-9_-]{0,64}$",
            description="identity of the stack, told by /health/live, so that clients notice a stranger there; "
            "`motcua up` sets it",
        ),
    ] = ""
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$", description="lowest level logged")] = "info"

    @property
    def journal(self) -> str:
        """The journal's topic."""
        return journal(self.generation)

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone of day boundaries."""
        return ZoneInfo(self.zone)


S = TypeVar("S", bound=ServiceSettings)


def load_settings(model: type[S]) -> S:
    """Settings from the environment; a wrong value ends the process with one line per variable."""
    try:
        return model()
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    for problem in error.errors():
        variable = "MOTCUA_" + "_".join(str(part) for part in problem["loc"]).upper()
        print(f"{variable}: {problem['msg']} (got {problem.get('input')!r})", file=sys.stderr)
    raise SystemExit(2)
