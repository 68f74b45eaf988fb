"""Names in code by which the rules tell what it does. Data only."""

from __future__ import annotations

__all__ = ["COLLECTION_CALLS", "IO_LIBRARIES", "IO_MODULES", "WALL_CLOCK"]

IO_LIBRARIES = frozenset(
    {
        "aiofiles",
        "aiokafka",
        "asyncio",
        "fastapi",
        "faststream",
        "http",
        "httpx",
        "io",
        "logging",
        "motor",
        "multiprocessing",
        "os",
        "pathlib",
        "prometheus_client",
        "pymongo",
        "random",
        "requests",
        "shutil",
        "socket",
        "sqlite3",
        "starlette",
        "structlog",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
        "uvicorn",
    }
)
IO_MODULES = ("shared.clock", "shared.broker.kafka", "shared.mongo", "shared.logging", "shared.settings", "shared.http")

WALL_CLOCK = frozenset(
    {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
        ("time", "time_ns"),
        ("time", "localtime"),
        ("time", "gmtime"),
    }
)

COLLECTION_CALLS = frozenset(
    {
        "aggregate",
        "bulk_write",
        "count_documents",
        "create_index",
        "delete_many",
        "delete_one",
        "find_one",
        "find_one_and_replace",
        "find_one_and_update",
        "insert_many",
        "insert_one",
        "replace_one",
        "update_many",
        "update_one",
    }
)
