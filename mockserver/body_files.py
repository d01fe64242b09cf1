"""Files with the bodies of answers: where they may lie, and what they hold."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import Final

BODY_LIMIT: Final = 8 * 1024 * 1024
"""Bytes that such a file may have."""

OTHER_TYPE: Final = "application/octet-stream"


class BodyFileError(ValueError):
    """A file cannot be the body of an answer; the text is finding and remedy."""


@dataclass(frozen=True, slots=True)
class BodyFile:
    """A file, its bytes, and the media type that its name stands for, in lower case."""

    path: Path
    content: bytes
    media_type: str

    @property
    def is_json(self) -> bool:
        """Whether it is written like a body in a fixture."""
        return self.media_type == "application/json"


def read_body_file(name: str, folder: Path, root: Path) -> BodyFile:
    """The file that a fixture in *folder* calls *name*; it has to lie below *root*, links followed.

    Raises:
        BodyFileError: It lies elsewhere, is not there, too large, or cannot be read.
    """
    try:
        # Not Path.resolve: before Python 3.13 a link that leads to itself is a RuntimeError there.
        path = Path(os.path.realpath(folder / name))
        if not path.is_relative_to(root.resolve()):
            raise BodyFileError("lies outside of the fixtures. Name a file beside or below them.")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BodyFileError("is no file. Name a file, relative to the fixture file.")
        if status.st_size > BODY_LIMIT:
            raise BodyFileError(f"is longer than {BODY_LIMIT // 2**20} MB. Shorten it.")
        return BodyFile(path, path.read_bytes(), _guess_type(path.name))
    except FileNotFoundError:
        raise BodyFileError("is not there. Name a file, relative to the fixture file.") from None
    except OSError as error:
        raise BodyFileError(f"cannot be read: {error.strerror}. Name one that can be.") from None
    except ValueError as error:
        if isinstance(error, BodyFileError):
            raise
        raise BodyFileError("is no path. Name a file, relative to the fixture file.") from None


def _guess_type(name: str) -> str:
    """What the end of a file's name stands for, in Python's own table: the same on every machine.

    A packed file (`page.html.gz`) is sent as it lies there, so it is none of its inner kind.
    """
    media_type, packing = MimeTypes().guess_type(name)
    return OTHER_TYPE if media_type is None or packing is not None else media_type
