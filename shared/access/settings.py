"""Settings of a service that asks intake: where it is, and the service's own key."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings

__all__ = ["AskingSettings"]


class AskingSettings(ServiceSettings):
    """Where intake is, which knows the keys, and as whom it is asked."""

    intake: Annotated[str, Field(description="base URL of intake, which knows the keys")] = "http://127.0.0.1:8801"
    service_key: Annotated[
        SecretStr | None, Field(description="the service's own key, with which it asks other services")
    ] = None
    service_key_file: Annotated[
        Path | None, Field(description="file that holds it, where MOTCUA_SERVICE_KEY is unset")
    ] = None

    @cached_property
    def own_key(self) -> str | None:
        """The service's own key; None where it has none. A file that cannot be read ends the process with one line."""
        if self.service_key is not None:
            return self.service_key.get_secret_value().strip() or None
        if self.service_key_file is None:
            return None
        try:
            return self.service_key_file.read_text(encoding="ascii").strip() or None
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "not a key"
            sys.stderr.write(
                f"MOTCUA_SERVICE_KEY_FILE: {self.service_key_file} cannot be read: {why}; create it or unset the "
                "variable\n"
            )
            raise SystemExit(2) from None
