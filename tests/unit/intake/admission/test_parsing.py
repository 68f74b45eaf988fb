"""JSON that readers disagree on is refused; nothing in a body can crash intake."""

from __future__ import annotations

import gzip
import threading
import zlib

import pytest

from services.intake.admission.parsing import parse_object
from services.intake.doors.unpacking import MOST_MEMBERS, unpack, unpacked
from shared.problems.problem import Problem


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"   ", "not_json"),
        (b"{", "not_json"),
        (b"nonsense", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": Infinity}', "not_json"),
        (b'{"a": 01}', "not_json"),
        (b'{"a": 1,}', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": "\\ud800"}', "not_json"),
        (b'{"a": "\x01"}', "not_json"),
        (b'\xef\xbb\xbf{"a": 1}', "not_json"),
        (b"{} {}", "not_json"),
        (b"[]", "not_an_object"),
        (b"5", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"a": 1, "a": 1}', "duplicate_member"),
        (b'{"a": {"b": [{"c": 1, "c": 2}]}}', "duplicate_member"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate_member"),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_object(body)
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.parametrize("depth", [900, 1_100, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_bottomless_nesting_is_refused_or_read(depth: int, opening: bytes, closing: bytes) -> None:
    body = b'{"data":' + opening * depth + b"1" + closing * depth + b"}"
    try:
        parse_object(body)
    except Problem as problem:
        assert problem.code in ("too_deep", "not_json")  # noqa: PT017 (shallower nesting may be read)


def test_numbers_beyond_all_measure_are_refused_and_large_ones_read() -> None:
    parse_object(b'{"a": ' + b"9" * 300 + b', "b": 1e300}')
    for number in (b"9" * 10_000, b"1e99999"):
        with pytest.raises(Problem) as refused:
            parse_object(b'{"a": ' + number + b"}")
        assert refused.value.code == "not_json"


def test_equal_members_in_different_objects_are_fine() -> None:
    assert parse_object('{"a": {"x": 1}, "b": [{"x": "ố"}, {"x": 2}]}'.encode())["b"][0] == {"x": "ố"}


def test_gzip_is_unpacked_up_to_the_limit() -> None:
    assert unpack(b"abc", None, 3) == b"abc"
    assert unpack(b"abc", "identity", 3) == b"abc"
    assert unpack(gzip.compress(b"abc", mtime=0), "gzip", 3) == b"abc"
    assert unpack(gzip.compress(b"ab", mtime=0) + gzip.compress(b"c", mtime=0), " GZIP ", 3) == b"abc"
    assert unpack(b"", "gzip", 3) == b""


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"abc", "br", 415, "unsupported_encoding"),
        (b"abc", "gzip", 400, "broken_gzip"),
        (gzip.compress(b"abc", mtime=0)[:-4], "gzip", 400, "broken_gzip"),
        (gzip.compress(b"abc", mtime=0) + b"rest", "gzip", 400, "broken_gzip"),
        (gzip.compress(b"abcd", mtime=0), "gzip", 413, "body_too_large"),
        (gzip.compress(b"ab", mtime=0) + gzip.compress(b"cd", mtime=0), "gzip", 413, "body_too_large"),
        (gzip.compress(b"\0" * 50_000_000, mtime=0), "gzip", 413, "body_too_large"),
        (zlib.compress(b"abc"), "gzip", 400, "broken_gzip"),
    ],
)
def test_other_and_broken_encodings_are_refused(body: bytes, encoding: str, status: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        unpack(body, encoding, 3)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_gzip_of_many_members_is_unpacked_and_one_of_too_many_refused() -> None:
    member = gzip.compress(b"x" * 20_000, mtime=0)
    assert unpack(member * MOST_MEMBERS, "gzip", 20_000 * MOST_MEMBERS) == b"x" * 20_000 * MOST_MEMBERS
    with pytest.raises(Problem) as refused:
        unpack(gzip.compress(b"", mtime=0) * 200_000, "gzip", 1_000)
    assert (refused.value.status, refused.value.code) == (400, "too_many_gzip_members")


def test_what_follows_a_member_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """200,000 empty members in 4 MB took 15 s, since each copied all that followed it."""
    given: list[int] = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self._inner = real(bits)

        def decompress(self, piece: bytes, most: int) -> bytes:
            given.append(len(piece))
            return self._inner.decompress(piece, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr("services.intake.doors.unpacking.zlib.decompressobj", Watched, raising=True)
    unpack(gzip.compress(b"x" * 1_000_000, 0, mtime=0) * 3, "gzip", 3_000_000)
    assert max(given) <= 16_384


async def test_unpacking_does_not_hold_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def unpacking(*_: object) -> bytes:
        threads.append(threading.get_ident())
        return b""

    monkeypatch.setattr("services.intake.doors.unpacking.unpack", unpacking)
    assert await unpacked(b"plain", None, 10) == b"plain"
    await unpacked(b"packed", "gzip", 10)
    assert threads != [threading.get_ident()]
