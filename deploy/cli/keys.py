"""The command that makes a key for a stack that is not there yet: its hash for intake, the key for its owner alone.

Keeps nothing and asks nobody; a running stack gets further senders by POST /v1/senders.
"""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.errors import USAGE, CommandError
from deploy.cli.session import session_of
from deploy.local import keys
from shared.access.patterns import MOST_PATTERNS
from shared.access.stamping import needed

__all__ = ["key"]

_EVERY = (*keys.ROLES, keys.ADMIN)


def key(
    context: typer.Context,
    sender: Annotated[str, typer.Option(help="Tên bên gửi / the sender's name.")] = keys.ADMIN,
    source: Annotated[list[str] | None, typer.Option(help="Nguồn được gửi; bỏ trống = * / a source; none = *.")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Đơn vị được gửi, kèm cấp dưới; bỏ trống = * / a unit, with all below; none = *."),
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help=f"Quyền: {' | '.join(_EVERY)} / a role: {' | '.join(_EVERY)}.")
    ] = None,
) -> None:
    """Print the key on standard error, once, and on standard output what intake reads: MOTCUA_KEYS_FILE."""
    session = session_of(context)
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
    made = keys.new_key()
    session.print_json([keys.record_of(made, sender, source or ("*",), unit or ("*",), role or None)])
    session.note("Khóa, chỉ hiện một lần này:", "The key, shown this once:")
    session.err.print(made, markup=False, soft_wrap=True)
