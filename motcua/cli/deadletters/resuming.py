"""The command that lets partitions go on after a run of dead letters, at whichever replica they stand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from motcua.cli.errors import USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import session_of

__all__ = ["resume"]


def resume(
    context: typer.Context,
    partitions: Annotated[
        list[int] | None,
        typer.Argument(metavar="[PARTITION]...", help="Bỏ trống = mọi phân vùng đang đứng / none = all."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            min=1, help="Chỉ đứng lại sau chừng này thư chết liền nhau nữa / stand again after so many more in a row."
        ),
    ] = None,
    to: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Bỏ qua thư chết đến hết vị trí này của phân vùng / let all pass up to this offset of the partition.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let partitions that stand for a run of dead letters read on behind it; another run stops them again."""
    session = session_of(context)
    if to is not None and len(partitions or ()) != 1:
        raise CommandError(
            "--to là vị trí trong một phân vùng: nêu đúng một phân vùng",
            "--to is an offset of one partition: name just one",
            USAGE,
        )
    asked = "&".join(f"{name}={value}" for name, value in (("count", count), ("to", to)) if value is not None)
    services = Services(session)
    places = _places(services)
    wanted = partitions or sorted(number for number, (_, place) in places.items() if _stands(place))
    done = []
    for number in wanted:
        if number not in places:
            raise CommandError(
                f"không bản sao nào xử lý phân vùng {number}; xem `motcua doctor`",
                f"no replica works on partition {number}; see `motcua doctor`",
            )
        address, _ = places[number]
        told = services.post_at(address, f"/v1/partitions/{number}/resume" + (f"?{asked}" if asked else ""))
        done.append({"partition": number, "next": told["next"], "replica": address})
    if as_json:
        session.print_json(done)
        return
    if not done:
        session.note("Không phân vùng nào đứng vì thư chết.", "No partition stands for dead letters.")
    for one in done:
        words = session.say("đi tiếp", "goes on")
        session.out.print(f"{session.say('phân vùng', 'partition')} {one['partition']} {words}", markup=False)


def _places(services: Services) -> dict[int, tuple[str, dict[str, Any]]]:
    """Which replica works on a partition, and what it tells of it; one that cannot be asked is passed over."""
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    silent: CommandError | None = None
    for address in services.replicas("processing"):
        try:
            told = services.get_at(address, "/v1/positions")["partitions"]
        except CommandError as error:
            silent = error
            continue
        found |= {int(number): (address, place) for number, place in told.items()}
    if not found and silent is not None:
        raise silent
    return found


def _stands(place: dict[str, Any]) -> bool:
    return place["state"] == "stopped" and str(place["reason"]).startswith("deadletter_run")
