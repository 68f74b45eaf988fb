"""Sees again and again that all topics have the settings their readers rely on, since anybody may make or change one.

An agency's software can make its outbox by sending to it; an older version made topics otherwise.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiokafka.errors import KafkaError

from shared.broker.topic_care import Care, mend
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.notes import Note

__all__ = ["TopicCare"]

_EVERY_SECONDS: Final = 60.0
_AGAIN_SECONDS: Final = 2.0
_SHOWN: Final = 5
_log = get_logger("intake.topics")


class TopicCare:
    """The topics of one broker.

    Args:
        kafka: bootstrap servers.
        meters: intake's metrics.
    """

    def __init__(self, kafka: str, meters: Meters) -> None:
        self._kafka = kafka
        self._unmended = meters.gauge("motcua_intake_topics_unmended")
        self._care = Care()

    async def run(self) -> None:
        """Mend what is not as it has to be, at start and every minute, until cancelled."""
        while True:
            try:
                await self.look()
            except (KafkaError, TimeoutError, OSError) as error:
                _log.info("topics cannot be looked at", error=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                await asyncio.sleep(_EVERY_SECONDS)

    async def look(self) -> None:
        """Mend what is not as it has to be.

        Raises:
            KafkaError, TimeoutError, OSError: the broker does not answer.
        """
        self._care = await mend(self._kafka, "motcua-intake-topics")
        self._unmended.set(len(self._care.refused))

    def notes(self) -> list[str]:
        """Which topics could not be mended, and what to do."""
        refused = self._care.refused
        if not refused:
            return []
        names = ", ".join(sorted(refused)[:_SHOWN]) + ("" if len(refused) <= _SHOWN else ", …")
        why = next(iter(sorted(refused.values())))
        return [
            Note(
                f"{len(refused)} topics do not have the settings they have to, and the broker refuses to change them "
                f"({why}): {names}. Messages there can be deleted unread",
                "let the services' user alter these topics' configs, or set message.timestamp.type=LogAppendTime there",
                vi=f"{len(refused)} chủ đề không có cấu hình bắt buộc và Kafka không cho đổi ({why}): {names}. "
                "Thông điệp ở đó có thể bị xoá khi chưa đọc",
                vi_remedy="cấp quyền đổi cấu hình các chủ đề này cho dịch vụ, hoặc tự đặt "
                "message.timestamp.type=LogAppendTime ở đó",
            )
        ]
