"""Tools of the machine that a local stack needs: Java 17 or newer, and Maven where the broker is not yet there.

Looks and reports; installs nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import MissingToolError, StackError

__all__ = ["OLDEST_JAVA", "java_version", "require_database", "require_java", "require_maven"]

OLDEST_JAVA = 17
_JAVA_PACKAGE = "openjdk-17-jdk"


def java_version(java: str) -> int:
    """Major version of a Java executable; 0 when it cannot be told."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(found.group(1)) if found else 0


def require_java() -> str:
    """Path of Java.

    Raises:
        MissingToolError: there is none, or it is older than 17; names the Debian package.
    """
    java = shutil.which("java")
    if java is None:
        raise MissingToolError("Java", _JAVA_PACKAGE)
    if java_version(java) < OLDEST_JAVA:
        raise MissingToolError(f"Java ≥ {OLDEST_JAVA}", _JAVA_PACKAGE)
    return java


def require_maven() -> str:
    """Path of Maven.

    Raises:
        MissingToolError: there is none; names the Debian package.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingToolError("Maven", "maven")
    return maven


def require_database(executable: Path) -> Path:
    """Path of the database server of the environment.

    Raises:
        StackError: it is not installed there.
    """
    if not executable.exists():
        raise StackError(f"{executable.name} is not in the environment: run `make setup`")
    return executable
