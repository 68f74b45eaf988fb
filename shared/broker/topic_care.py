"""Sees that topics have the settings their readers rely on, and mends those made before, or by somebody else.

Knows settings by shared/broker/topics.py only. A change goes setting by setting, so that no other one is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int8, Int16, Int32, Schema, String

from shared.broker.topics import required
from shared.logging import get_logger

__all__ = ["Care", "mend", "wrong_settings"]

_TIMEOUT_MS: Final = 10_000
_TOPIC: Final = 2
_SET: Final = 0
_NO_SUCH_TOPIC: Final = 3
_log = get_logger("topics")


@dataclass(frozen=True, slots=True)
class Care:
    """What was done about topics: `mended` names; `refused` is what the broker says, by name."""

    mended: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


async def wrong_settings(kafka: str, client_id: str) -> dict[str, dict[str, str]]:
    """The settings each of our topics has to have and has not, with their right values; well ones are left out.

    Raises:
        KafkaError: the broker does not answer.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, client_id=client_id, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        return await _wrong(admin, await admin.list_topics())
    finally:
        await admin.close()


async def mend(kafka: str, client_id: str) -> Care:
    """Give all our topics on a broker the settings they have to have; harmless to repeat, and while they are used.

    Raises:
        KafkaError: the broker does not answer.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, client_id=client_id, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        wrong = await _wrong(admin, await admin.list_topics())
        if not wrong:
            return Care()
        answer = await admin._send_to_controller(_IncrementalAlterConfigsRequest(wrong))  # noqa: SLF001 (no public way)
    finally:
        await admin.close()
    refused = {name: text or for_code(code).__name__ for code, text, _, name in answer.responses if code}
    mended = tuple(sorted(wrong.keys() - refused.keys()))
    for name in mended:
        _log.warning("a topic had other settings than it has to; mended", topic=name, settings=wrong[name])
    return Care(mended, refused)


async def _wrong(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = {name: settings for name in topics if (settings := required(name))}
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(settings)) for name, settings in wanted.items()
    ]
    found: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(asked) if asked else ():
        for code, text, _, name, entries in answer.resources:
            if code == _NO_SUCH_TOPIC:
                continue  # deleted meanwhile
            if code:
                raise for_code(code)(f"{name}: {text}")
            has = {setting: value for setting, value, *_ in entries}
            if lacking := {setting: value for setting, value in wanted[name].items() if has.get(setting) != value}:
                found[name] = lacking
    return found


class _IncrementalAlterConfigsResponse(Response):  # type: ignore[misc]  # aiokafka carries no types
    API_KEY = 44
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "responses",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
            ),
        ),
    )


class _IncrementalAlterConfigsStruct(RequestStruct):  # type: ignore[misc]
    API_KEY = 44
    API_VERSION = 0
    RESPONSE_TYPE = _IncrementalAlterConfigsResponse
    SCHEMA = Schema(
        (
            "resources",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                (
                    "configs",
                    Array(
                        ("name", String("utf-8")),
                        ("config_operation", Int8),
                        ("value", String("utf-8")),
                    ),
                ),
            ),
        ),
        ("validate_only", Boolean),
    )


class _IncrementalAlterConfigsRequest(Request[_IncrementalAlterConfigsStruct]):  # type: ignore[misc]
    """Kafka's request to set some settings and leave the others; the client knows only the one that replaces all."""

    API_KEY = 44

    def __init__(self, settings: Mapping[str, Mapping[str, str]]) -> None:
        self._settings = settings

    def build(self, request_struct_class: type[Any]) -> Any:
        """The request as it is sent."""
        topics = [
            (_TOPIC, name, [(setting, _SET, value) for setting, value in values.items()])
            for name, values in self._settings.items()
        ]
        return request_struct_class(topics, False)
