"""Files that hold one document: which of them are JSON, and which YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.json_text import is_json
from mockserver.documents.nodes import Node
from mockserver.documents.text_files import read_text
from mockserver.documents.yaml_text import parse_document

SIZE_LIMIT: Final = 32 * 1024 * 1024
"""Bytes that a file may have: room for about 60,000 complete records."""


def load_document(path: Path, name: str | None = None, size_limit: int = SIZE_LIMIT) -> Node:
    """Read the one document in a file.

    A file whose name ends in `.json` is JSON. So is any other that begins with a bracket and holds nothing but JSON.
    All others are YAML.

    Args:
        path: The file.
        name: What places call it; the path itself by default.
        size_limit: Bytes that it may have.

    Raises:
        DocumentError: The file cannot be read, is not UTF-8, not JSON or YAML, is too large or too deep, holds nothing
            or more than one document, a key twice, a tag, a merge key, or aliases that stand for too much.
    """
    name = name or str(path)
    text = read_text(path, name, size_limit)
    begins_like_json = text.lstrip().startswith(("{", "["))
    if path.suffix.lower() == ".json" or (begins_like_json and is_json(text)):
        return parse_json(text, name)
    return parse_document(text, name)
