"""The commands that take, check and take back a backup. What a backup is, deploy/operations/backup knows."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.stack.up import product_version
from motcua.cli.waiting import wait_until_counted
from motcua.cli.words import progress_text
from shared.clock import SystemClock
from shared.instants import to_rfc3339

if TYPE_CHECKING:
    from deploy.operations.backup.manifest import Manifest
    from deploy.operations.backup.taking import Taken, Told

__all__ = ["backup", "restore"]

_INTAKE: Final = "motcua_intake"
_STEPS: Final = {
    "journal": ("chép sổ nhật ký", "copying the journal"),
    "databases": ("cơ sở dữ liệu", "databases"),
    "check": ("kiểm tra", "checking"),
    "compare": ("đối chiếu phần đã có", "comparing what is there"),
    "write": ("ghi lại sổ nhật ký", "writing the journal"),
    "verify": ("đọc lại và đối chiếu", "reading back and comparing"),
    "count": ("suy ra số liệu", "deriving the figures"),
}


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Thư mục sao lưu / folder of the backup.")],
    only_check: Annotated[
        bool, typer.Option("--check", help="Chỉ kiểm tra bản đã có / only check the one that is there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add what is new to the folder's backup while the stack runs; begins one in an empty folder."""
    session = session_of(context)
    if only_check:
        from deploy.operations.backup.checking import check

        with _progress(session) as told:
            checked = check(folder, told)
        if as_json:
            session.print_json(
                {"records": checked.records, "chunks": checked.chunks, "documents": checked.documents, "intact": True}
            )
            return
        session.out.print(
            session.say(
                f"Nguyên vẹn: {checked.records} bản ghi, {checked.chunks} tệp, {checked.documents} tài liệu.",
                f"Intact: {checked.records} records, {checked.chunks} chunks, {checked.documents} documents.",
            )
        )
        return
    began = time.monotonic()
    with _alone(folder), _progress(session) as told:
        taken = asyncio.run(_take(session, folder, told))
    seconds = max(time.monotonic() - began, 1e-6)
    if as_json:
        session.print_json(
            {
                "records": taken.manifest.records,
                "new": taken.records,
                "bytes": taken.bytes,
                "seconds": round(seconds, 3),
                "documents": sum(dump.documents for dump in taken.manifest.dumps),
            }
        )
        return
    session.mark_simulated(taken.manifest.kind.simulated)
    megabytes = taken.bytes / 1e6
    session.out.print(
        session.say(
            f"Đã sao lưu {taken.records} bản ghi mới ({megabytes:.1f} MB, {megabytes / seconds:.1f} MB/s), "
            f"tất cả {taken.manifest.records}. Kiểm tra: `motcua backup --check {folder}`",
            f"{taken.records} new records backed up ({megabytes:.1f} MB, {megabytes / seconds:.1f} MB/s), "
            f"{taken.manifest.records} in all. Check: `motcua backup --check {folder}`",
        ),
        markup=False,
    )


async def _take(session: Session, folder: Path, told: Told) -> Taken:
    services = Services(session)
    stack = services.stack

    from deploy.local.backends import topics
    from deploy.operations.backup.manifest import Kind
    from deploy.operations.backup.store import DISPATCH, METRICS, Databases
    from deploy.operations.backup.taking import Backup

    epoch = await topics.live_epoch(services.kafka) or stack.epoch
    kind = Kind(
        stack.clock,
        stack.simulated,
        stack.zone,
        stack.partitions,
        stack.generation,
        epoch,
        services.entry_cap,
        services.code_forms,
    )
    databases = Databases(services.mongo, [stack.settings.get("MOTCUA_DATABASE", _INTAKE), DISPATCH, METRICS])
    try:
        now = to_rfc3339(SystemClock().now())
        return await Backup(folder, services.kafka, databases, told).run(kind, product_version(), now)
    finally:
        databases.close()


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Thư mục sao lưu / folder of the backup.")],
    *,
    only_databases: Annotated[
        bool, typer.Option("--databases", help="Chỉ cơ sở dữ liệu đã mất / only the database, which was lost.")
    ] = False,
    brokers: Annotated[int, typer.Option(min=1, max=5, help="Số máy chủ Kafka / brokers.")] = 1,
    replicas: Annotated[
        int, typer.Option(min=1, max=4, help="Số bản processing và metrics / processes of processing and metrics.")
    ] = 1,
    kafka: Annotated[
        str | None, typer.Option(help="Kafka ở nơi khác, dịch vụ đang tắt / brokers elsewhere, services stopped.")
    ] = None,
    mongo: Annotated[str | None, typer.Option(help="MongoDB ở nơi khác / MongoDB elsewhere.")] = None,
    replication: Annotated[
        int, typer.Option(min=1, max=9, help="Số bản của mỗi chủ đề, với --kafka / replicas of a topic, with --kafka.")
    ] = 1,
) -> None:
    """Restore a backup into an empty stack: a new --home, or brokers and a database elsewhere."""
    session = session_of(context)
    if (kafka is None) != (mongo is None):
        raise CommandError("--kafka và --mongo đi cùng nhau", "--kafka and --mongo go together", USAGE)
    if kafka is not None and mongo is not None:
        with _progress(session) as told:
            manifest = asyncio.run(
                _restore_elsewhere(folder, (kafka, mongo), replication, told, only_databases=only_databases)
            )
        if not only_databases:
            _tell_grants(session, folder, manifest)
        session.note(
            f"Đã ghi lại {manifest.records} bản ghi; khởi động các dịch vụ với {_variables(manifest)}",
            f"{manifest.records} records written; start the services with {_variables(manifest)}",
        )
        return
    session.only_local()
    from deploy.operations.backup.into_home import restore_databases, restore_home

    with _progress(session) as told:
        local = LocalStack(session.home)

        def progress(text: str) -> None:
            session.note(progress_text(text, "vi"), text)

        if only_databases:
            manifest = restore_databases(folder, local, told=told, progress=progress)
        else:
            manifest = restore_home(folder, local, brokers=brokers, replicas=replicas, told=told, progress=progress)
        wait_until_counted(Services(session), lambda done, total: told("count", done, total))
    session.mark_simulated(manifest.kind.simulated)
    if only_databases:
        session.out.print(
            session.say(
                "Đã khôi phục cơ sở dữ liệu; mọi thứ khác đã suy ra từ sổ nhật ký. Nạp lại các dữ liệu dùng chung "
                f"và khóa có sau {manifest.taken_at}.",
                "Databases restored; everything else was derived from the journal. Load reference data and make keys "
                f"again that came after {manifest.taken_at}.",
            ),
            markup=False,
        )
        return
    _tell_grants(session, folder, manifest)
    session.out.print(
        session.say(
            f"Đã khôi phục {manifest.records} bản ghi, đối chiếu từng byte; số liệu đã suy ra. "
            "Suy ra lại và so từng hồ sơ: `motcua rebuild`",
            f"{manifest.records} records restored and compared byte by byte; the figures hold them. "
            "Derive again and compare dossier by dossier: `motcua rebuild`",
        ),
        markup=False,
    )


async def _restore_elsewhere(
    folder: Path, backends: tuple[str, str], replication: int, told: Told, *, only_databases: bool
) -> Manifest:
    from deploy.local.backends import topics
    from deploy.operations.backup.into_home import databases_of
    from deploy.operations.backup.restoring import Restore, readable
    from deploy.operations.backup.store import Databases

    kafka, mongo = backends
    manifest = readable(folder)
    kind = manifest.kind
    await topics.create(kafka, kind.epoch, kind.partitions, replication, kind.generation)
    if await topics.live_epoch(kafka) is None:
        await topics.point_to(kafka, kind.epoch, kind.partitions, kind.generation)
    databases = Databases(mongo, databases_of(manifest))
    try:
        taken_back = Restore(folder, manifest, kafka, databases, told)
        await (taken_back.run_databases() if only_databases else taken_back.run())
    finally:
        databases.close()
    for unit in manifest.agencies:
        await topics.create_agency(kafka, unit, replication)
    return manifest


def _tell_grants(session: Session, folder: Path, manifest: Manifest) -> None:
    """Versions of before would take every entry with a grant for a dead letter."""
    from deploy.operations.backup.grants import has_grants

    if has_grants(folder, manifest):
        session.out.print(
            session.say(
                "Sổ nhật ký có mục mang phạm vi đơn vị (grant): mọi processing phải hiểu được chúng, nâng cấp tất cả "
                "trước khi intake đầu tiên chạy (docs/guides/upgrade.vi.md)",
                "The journal has entries with grants: all processing must understand them, upgraded before the first "
                "intake starts (docs/guides/upgrade.md)",
            ),
            markup=False,
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two backups into one folder would take each other's files away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / ".lock", os.O_CREAT | os.O_WRONLY, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(f"another backup into {folder} is under way: wait for its end") from error
        yield


@contextmanager
def _progress(session: Session) -> Iterator[Told]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=session.err, transient=True) as bars:
        tasks = {name: bars.add_task(session.say(*words), total=None, visible=False) for name, words in _STEPS.items()}
        yield lambda step, done, total: bars.update(tasks[step], completed=done, total=total, visible=True)


def _variables(manifest: Manifest) -> str:
    """What the services of a restored stack must be told of it."""
    kind = manifest.kind
    return (
        f"MOTCUA_PARTITIONS={kind.partitions} MOTCUA_GENERATION={kind.generation} MOTCUA_ENTRY_CAP={kind.entry_cap} "
        f"MOTCUA_CODE_FORMS={kind.code_forms}"
    )
