"""The command that gives a unit its tasks topic, so that the dispatcher tells it what is its to do."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from deploy.cli.services import Services
from deploy.cli.session import session_of
from deploy.local.topics import create_agency

__all__ = ["register"]

agency = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(agency, name="agency", help="Cơ quan nối phần mềm riêng / agencies with software of their own.")


@agency.callback()
def _agency() -> None:
    """Cơ quan nối phần mềm riêng / agencies with software of their own."""


@agency.command("add", help="Tạo chủ đề nhận việc cho đơn vị / make a unit's tasks topic.")
def add(context: typer.Context, unit: Annotated[str, typer.Argument(help="Mã đơn vị / unit code.")]) -> None:
    """Make `motcua.agency.<unit>.tasks.v1`; within seconds the unit is told what it holds already."""
    session = session_of(context)
    services = Services(session)
    for name in asyncio.run(create_agency(services.kafka, unit, services.stack.replication)):
        session.out.print(name, markup=False)
