"""Where the services of a stack elsewhere are, by MOTCUA_ variables: for users of Compose, Kubernetes or servers.

Knows variables only; asks nobody. A stack of a home folder (`motcua up`) needs none of them.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict

from motcua.cli.errors import USAGE, CommandError
from shared.settings import ServiceSettings

__all__ = ["CommandSettings", "find_addresses"]

_KINDS: Final = ("intake", "processing", "metrics")


class CommandSettings(ServiceSettings):
    """How `motcua` reaches a stack elsewhere: as soon as MOTCUA_INTAKE is set, unless --home is given."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    intake: Annotated[str, Field(description="base URL of intake; set, commands go to it")] = "http://127.0.0.1:8801"
    processing: Annotated[str, Field(description="base URLs of processing's replicas, by commas")] = ""
    metrics: Annotated[str, Field(description="base URLs of metrics' replicas, by commas")] = ""
    key: Annotated[str, Field(repr=False, description="key that commands show; an administrator's for all of them")] = (
        ""
    )
    replication: Annotated[
        int | None, Field(ge=1, le=9, description="replicas of topics it makes; unset: one for each of up to 3 brokers")
    ] = None

    @property
    def replicas(self) -> int:
        """Replicas of a topic: as set, else one for each broker that MOTCUA_KAFKA names, at most three."""
        return self.replication or min(3, len(self.kafka.split(",")))

    def urls(self) -> dict[str, list[str]]:
        """Base URLs by service, in the order given; a service that is not named has none."""
        return {
            kind: [url.strip().rstrip("/") for url in getattr(self, kind).split(",") if url.strip()] for kind in _KINDS
        }

    def named(self, field: str) -> bool:
        """Whether a variable of this setting is there and not empty."""
        return field in self.model_fields_set and bool(getattr(self, field))


def find_addresses() -> CommandSettings | None:
    """The stack that the variables name; None where MOTCUA_INTAKE is not set.

    Raises:
        CommandError: a variable's value is wrong; names it.
    """
    try:
        found = CommandSettings()
    except ValidationError as error:
        lines = "; ".join(
            f"MOTCUA_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']} ({one.get('input')!r})"
            for one in error.errors()
        )
        raise CommandError(lines, lines, USAGE) from error
    return found if found.named("intake") else None
