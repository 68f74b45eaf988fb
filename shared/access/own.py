"""A service's own key: whether intake knows it, asked again and again, and told where it does not."""

from __future__ import annotations

import asyncio
from typing import Final

from shared.access.asking import KEEP_SECONDS, AskedKeys
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.notes import Note
from shared.problems.problem import Problem

__all__ = ["OwnKey"]

_log: Final = get_logger("access")


class OwnKey:
    """Looks whether intake knows the service by its key, and whether it answers at all.

    Args:
        keys: asks intake.
        key: the service's own; None where it has none.
        meters: of the service.
    """

    def __init__(self, keys: AskedKeys, key: str | None, meters: Meters) -> None:
        self._keys = keys
        self._key = key
        self._refused = key is None
        self._gauge = meters.gauge("motcua_access_own_key_refused")
        self._gauge.set(int(self._refused))

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(KEEP_SECONDS)

    async def look(self) -> None:
        """Look once."""
        if self._key is None:
            return
        try:
            await self._keys.find(self._key)
        except Problem as problem:
            if problem.status == 503:
                return
            if not self._refused:
                _log.error("intake refuses this service's own key", code=problem.code)
            self._refused = True
        else:
            self._refused = False
        self._gauge.set(int(self._refused))

    def notes(self) -> list[str]:
        """What is wrong without keeping the service from its work."""
        found: list[str] = []
        if self._refused:
            why = ("has no key of its own", "chưa có khóa riêng") if self._key is None else _REFUSED
            found.append(
                Note(
                    f"this service {why[0]}, so it cannot ask intake in its own name (who is a disabled agency)",
                    "set MOTCUA_SERVICE_KEY_FILE, and its hash in intake's MOTCUA_KEYS_FILE (`motcua up`, or `motcua "
                    "key --folder keys` for Docker Compose)",
                    vi=f"dịch vụ này {why[1]}, nên không hỏi được intake với danh nghĩa của mình (cơ quan nào tạm "
                    "ngừng)",
                    vi_remedy="đặt MOTCUA_SERVICE_KEY_FILE, và mã băm của khóa trong MOTCUA_KEYS_FILE của intake "
                    "(`motcua up`, hoặc `motcua key --folder keys` với Docker Compose)",
                )
            )
        if not self._keys.answers:
            found.append(
                Note.of(
                    "intake does not tell whose keys are; those known go on for an hour",
                    "intake không trả lời khóa là của ai; các khóa đã biết còn dùng được một giờ",
                )
            )
        return found


_REFUSED: Final = ("has a key that intake refuses", "có khóa mà intake không chấp nhận")
