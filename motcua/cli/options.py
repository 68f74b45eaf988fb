"""Options of many commands. Imports nothing that a command may not need."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["JsonOption"]

JsonOption = Annotated[bool, typer.Option("--json", help="In JSON / print JSON.")]
