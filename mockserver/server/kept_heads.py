"""Kept heads: what was read of the heads of the last requests with known answers. An equal head is not read again."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mockserver.http.messages import HEAD_READING, HEADER_FIELDS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_KEPT: Final = 512
"""How many heads are kept."""

_LONGEST_KEPT: Final = 4096
"""The most bytes of target and headers that are kept."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class KeptHead(NamedTuple):
    """What was read of a head: the WSGI environment of its request, and the attributes of its parser, if there is one.

    The environment has what the application has read of it. What it has of the connection is replaced.
    """

    environ: WSGIEnvironment
    attributes: Mapping[str, Any] = _NOTHING


class KeptHeads:
    """The heads that a server keeps. Threads may share them."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, KeptHead] = {}
        self.find = self._kept.get
        """Returns what was read of a head, if it is kept."""

    def keep(self, identity: Hashable, head: KeptHead) -> None:
        """Keep a short head that has what the application has read; drop the others if they are many.

        Its request has no body. Heads with an equal `identity` are equal.
        """
        environ = head.environ
        is_long = len(environ["REQUEST_URI"]) + len(environ[HEADER_FIELDS]) > _LONGEST_KEPT
        if is_long or HEAD_READING not in environ:
            return
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[identity] = head
