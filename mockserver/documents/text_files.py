"""Files of UTF-8 text, and where something stands in them."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from mockserver.documents.files import LongFileError, NoFileError, read_file
from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem

_LINE_BREAK: Final = re.compile("\r\n?|\n")


def read_text(path: Path, name: str, size_limit: int) -> str:
    """Return the text of a file of at most `size_limit` bytes; places call it `name`.

    Raises:
        DocumentError: The file cannot be read, is not UTF-8, or is too long.
    """
    try:
        content = read_file(path, size_limit).removeprefix(codecs.BOM_UTF8)
    except NoFileError as error:
        raise DocumentError([Problem(Place(name), f"This is {error.kind}. Put a file in its place.")]) from None
    except LongFileError as error:
        finding = f"The file has {error.size:,} bytes, the limit is {size_limit:,}. Split it."
        raise DocumentError([Problem(Place(name), finding)]) from None
    except OSError as error:
        finding = f"The file cannot be read: {error.strerror}. Check that it exists and may be read."
        raise DocumentError([Problem(Place(name), finding)]) from None
    if 0 in content[:2]:
        raise DocumentError([Problem(Place(name), "The file begins like UTF-16. Save the file as UTF-8.")])
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        place = place_behind(content[: error.start].decode(), name)
        finding = f"Byte 0x{content[error.start]:02X} is not UTF-8. Save the file as UTF-8."
        raise DocumentError([Problem(place, finding)]) from None


def place_behind(text: str, name: str) -> Place:
    """Return the place where the file goes on after `text`, its beginning."""
    lines = _LINE_BREAK.split(text)
    return Place(name, len(lines), len(lines[-1]) + 1)
