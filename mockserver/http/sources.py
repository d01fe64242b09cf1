"""Sources: where an answer came from."""

from __future__ import annotations

from typing import Final, NamedTuple

KINDS: Final = (
    "record",  # a record of the fixtures or of a session
    "generated",  # a generated record
    "answer",  # an answer of the fixtures or of a session
    "example",  # an example of the contract, asked for by its name
    "edge",  # an edge case, asked for by its name
    "code",  # a status, asked for by its number
    "contract",  # the contract alone, for an operation without records
    "no record",  # there is no record
    "exception",  # a mistake in a class of the user, in place of an answer
    "framework",  # the server stack itself, such as the 404 of an unknown path
    "preferences",  # a preference that is not valid
    "preflight",  # a browser's question whether a page may ask
    "session",  # a session that cannot be used
    "management",  # an address that changes the stub
    "server",  # a request that no application sees, such as a malformed one
)
"""All kinds of sources."""

MATCHES: Final = ("record", "generated", "answer", "example", "edge", "code", "contract")
"""The kinds of the answers that the stub has for requests; the others say that it has none, or what is wrong."""


class Source(NamedTuple):
    """Where an answer came from; `str()` gives the text of X-Mock-Source.

    Attributes:
        kind: One of `KINDS`.
        name: The name of the answer, example or edge case, the key of a session's record, the number of the status, or
            why the server refused.
        place: The file and line of a record or an answer, such as `fixtures/answers.yaml:4`.
        added: The answers that only added headers, a delay or a fault.
    """

    kind: str
    name: str | None = None
    place: str | None = None
    added: tuple[Source, ...] = ()

    def __str__(self) -> str:
        own = " ".join(part for part in (self.kind, self.name, self.place) if part)
        return " + ".join((own, *map(str, self.added)))
