"""The command that makes keys for a stack that is not there yet: hashes for intake, the keys for their owners alone.

Asks nobody; a running stack gets further senders by POST /v1/senders.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.local import keys
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.session import Session, session_of
from shared.access.keys import new_key
from shared.access.patterns import MOST_PATTERNS
from shared.access.rights import ROLES, rights_of
from shared.access.stamping import needed

__all__ = ["key"]

_EVERY: Final = tuple(str(role) for role in ROLES)


def key(
    context: typer.Context,
    *,
    sender: Annotated[str, typer.Option(help="Tên bên gửi / the sender's name.")] = keys.ADMIN,
    source: Annotated[list[str] | None, typer.Option(help="Nguồn được gửi; bỏ trống = * / a source; none = *.")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            help="Đơn vị được gửi và xem, kèm cấp dưới; bỏ trống = * / a unit to send for and see, all below it; "
            "none = *."
        ),
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help=f"Vai trò: {' | '.join(_EVERY)} / a role: {' | '.join(_EVERY)}.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Tạo ở thư mục này những gì Docker Compose cần (keys.json, khóa của dịch vụ), giữ cái đã có / make "
            "in this folder what Docker Compose needs (keys.json, the services' own keys), and keep what is there."
        ),
    ] = None,
) -> None:
    """Print the key on standard error, once, and on standard output what intake reads: MOTCUA_KEYS_FILE.

    With --folder both go there, but for the administrator's key, which is shown.
    """
    session = session_of(context)
    if folder is not None:
        if source or unit or role or sender != keys.ADMIN:
            raise CommandError(
                "--folder tạo khóa quản trị và khóa của các dịch vụ: bỏ --sender, --source, --unit, --role",
                "--folder makes the keys of administrator and services: leave out --sender, --source, --unit, --role",
                USAGE,
            )
        _fill(session, folder)
        return
    wrong = sorted(set(role or ()) - set(_EVERY))
    if wrong:
        raise CommandError(
            f"--role: {', '.join(wrong)} không có; dùng {', '.join(_EVERY)}",
            f"--role: {', '.join(wrong)} unknown; use {', '.join(_EVERY)}",
            USAGE,
        )
    patterns = needed(tuple(unit or ()))
    if patterns > MOST_PATTERNS:
        raise CommandError(
            f"--unit: cần {patterns} mẫu đơn vị, tối đa {MOST_PATTERNS}: thay bằng phần đầu chung có dấu * "
            "(ví dụ 'H44.*') hoặc đơn vị cấp trên",
            f"--unit: {patterns} patterns of units needed, {MOST_PATTERNS} at most: name a beginning they share with * "
            "(such as 'H44.*') or the unit above them",
            USAGE,
        )
    made = new_key()
    record = keys.record_of(made, sender, source or ("*",), unit or ("*",), role or None)
    session.print_json([record])
    may = ", ".join(sorted(rights_of(frozenset(record["roles"]))))
    session.note(f"Các quyền: {may}", f"Its rights: {may}")
    _show(session, made)


def _fill(session: Session, folder: Path) -> None:
    try:
        made = keys.fill_folder(folder)
    except (OSError, ValueError) as error:
        raise CommandError(
            f"--folder: không tạo được khóa trong {folder} ({error}); tạo thư mục bằng `mkdir -m 700 {folder}`",
            f"--folder: no keys can be made in {folder} ({error}); make it with `mkdir -m 700 {folder}`",
        ) from error
    session.note(
        f"Đã có đủ khóa trong {folder}; chạy lại intake, processing, metrics nếu đang chạy",
        f"All keys are in {folder}; start intake, processing and metrics anew where they run",
    )
    if made is not None:
        _show(session, made)


def _show(session: Session, made: str) -> None:
    session.note("Khóa, chỉ hiện một lần này:", "The key, shown this once:")
    session.err.print(made, markup=False, soft_wrap=True)
