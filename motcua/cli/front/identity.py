"""Whether what answers at an address is the home's own stack: the port of a stopped one may be another's by now."""

from __future__ import annotations

from typing import Final

import httpx

from motcua.cli.errors import CommandError
from shared.identity import STACK_HEADER

__all__ = ["check_own"]

_SECONDS: Final = 3.0


def check_own(address: str, identity: str) -> None:
    """Refuse to go on with a stranger; who does not answer is told of by what is asked next.

    Args:
        address: base URL of a service.
        identity: of the home's stack; empty for one of before there was any, of which nothing is known.

    Raises:
        CommandError: another stack answers.
    """
    if not identity or not address.startswith("http"):
        return
    try:
        answer = httpx.get(f"{address}/health/live", trust_env=False, timeout=_SECONDS)
    except httpx.HTTPError:
        return
    if answer.headers.get(STACK_HEADER) != identity:
        raise CommandError(
            f"ở {address} là một hệ thống khác (hoặc phiên bản cũ) trả lời, không phải hệ thống của thư mục này: chạy "
            "`motcua down` rồi `motcua up`, hoặc chỉ đúng thư mục bằng --home",
            f"another stack (or an older version) answers at {address}, not the one of this home: run `motcua "
            "down`, then `motcua up`, or name the right home with --home",
        )
