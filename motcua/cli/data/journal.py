"""The command that exports the journal: one JSON line per entry, with its partition and offset."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from motcua.cli.errors import CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.services import Services
from motcua.cli.session import session_of
from shared.texts.signs import visible_json

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["journal"]

journal = Commands(no_args_is_help=True)


@journal.callback()
def _journal() -> None:
    """Sổ nhật ký / the journal."""


@journal.command("export", help="Xuất sổ nhật ký thành NDJSON / export the journal as NDJSON.")
def export(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(help="Tệp, .gz để nén, - là màn hình / file, .gz to pack, - for stdout.")
    ] = "-",
) -> None:
    """Write {partition, offset, entry} for every entry there is when the export begins."""
    session = session_of(context)
    services = Services(session)

    import asyncio

    from rich.progress import Progress

    with _opened(file) as out, Progress(console=session.err, transient=True) as progress:
        written, unreadable = asyncio.run(_export(services, out, progress))
    session.note(f"Đã xuất {written} bản ghi", f"{written} entries exported")
    if unreadable:
        session.note(
            f"Bỏ qua {unreadable} bản ghi không đọc được (xem thư chết của processing)",
            f"{unreadable} records that are no JSON were left out (see processing's dead letters)",
        )


async def _export(services: Services, out: BinaryIO, progress: Progress) -> tuple[int, int]:
    import orjson

    from deploy.operations.epochs.reading import ends_of, read_topic

    count = services.stack.partitions
    ends = await ends_of(services.kafka, services.journal, count)
    task = progress.add_task("journal", total=sum(ends.values()))
    written = unreadable = 0
    async for record in read_topic(services.kafka, services.journal, range(count), ends):
        progress.advance(task)
        try:
            entry = orjson.loads(record.value or b"")
        except orjson.JSONDecodeError:
            entry = None
        if not isinstance(entry, dict):
            unreadable += 1
            continue
        line = {"partition": record.partition, "offset": record.offset, "entry": entry}
        out.write(visible_json(orjson.dumps(line).decode()).encode() + b"\n")
        written += 1
    return written, unreadable


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    try:
        with gzip.open(path, "wb") if path.suffix == ".gz" else path.open("wb") as opened:
            yield cast("BinaryIO", opened)
    except OSError as error:
        raise CommandError(
            f"Không ghi được {path} ({error.strerror}); chọn tệp khác",
            f"{path} cannot be written ({error.strerror}); choose another file",
        ) from error
