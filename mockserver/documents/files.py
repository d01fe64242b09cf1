"""Files as people name them: only regular ones are read, up to a limit, and files are written in one step."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final


class NoFileError(OSError):
    """Something that is no regular file, though it is there; `kind` says what it is: `a named pipe`."""

    def __init__(self, kind: str) -> None:
        super().__init__(None, kind)
        self.kind: Final = kind


class LongFileError(OSError):
    """A file that is longer than it may be; `size` is its length, as far as it is known."""

    def __init__(self, size: int) -> None:
        super().__init__(None, "too long")
        self.size: Final = size


def read_file(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes, without ever waiting for one.

    Raises:
        NoFileError: It is something else; a link is what it leads to.
        LongFileError: It is longer, or has become so.
        OSError: It is missing, or cannot be read.
    """
    _require_file(path.stat())
    descriptor = os.open(path, _READING)
    with os.fdopen(descriptor, "rb") as file:
        # Another thing may stand there by now, and some files tell no size.
        status = os.fstat(descriptor)
        _require_file(status)
        content = file.read(limit + 1) if status.st_size <= limit else b""
    if max(status.st_size, len(content)) > limit:
        raise LongFileError(max(status.st_size, len(content)))
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it and a failure leaves what was there.

    Raises:
        OSError: It cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def describe_kind(mode: int) -> str | None:
    """Return what a file of this mode is, or None for a regular one."""
    if stat.S_ISREG(mode):
        return None
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "no regular file")


def _require_file(status: os.stat_result) -> None:
    kind = describe_kind(status.st_mode)
    if kind is not None:
        raise NoFileError(kind)


_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


_READING: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe waits for whoever writes to it, unless it is told not to."""
