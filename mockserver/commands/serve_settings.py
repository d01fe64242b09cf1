"""All settings of `mockserver serve`: those of the stub, where it listens, what it shows, and its limits."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, Final

from mockserver.commands.numbers import describe_whole
from mockserver.server.limits import Limits
from mockserver.stub.settings import LISTENING, SERVED, Settings, check_choice

_SHOWN: Final = "What it shows"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Where the command listens, and what it does beside answering."""

    host: str = field(
        default="localhost",
        metadata={"group": LISTENING, "help": "Name or address to listen on; localhost is 127.0.0.1 and ::1."},
    )
    port: int = field(
        default=8080,
        metadata={"group": LISTENING, "help": "Port to listen on; 0 chooses a free one.", "least": 0, "most": 65535},
    )
    server: str = field(
        default="waitress",
        metadata={
            "group": LISTENING,
            "help": "Server of HTTP; granian is faster, and needs the extra mockserver[fast].",
            "choices": ("waitress", "granian"),
        },
    )
    reload: bool = field(
        default=True,
        metadata={"group": SERVED, "help": "Serve changes of the contract and the fixtures once saved."},
    )
    ready_file: str | None = field(
        default=None,
        metadata={
            "group": _SHOWN,
            "help": "File for the root URL, written once requests are answered.",
            "metavar": "FILE",
        },
    )
    end_with_input: bool = field(
        default=False,
        metadata={
            "group": LISTENING,
            "help": "Stop once standard input ends, as a pipe does when the program that started the stub has ended.",
        },
    )
    quiet: bool = field(
        default=False, metadata={"group": _SHOWN, "help": "Show the URL only: no table and no requests."}
    )

    def __post_init__(self) -> None:
        """Check the server.

        Raises:
            SettingError: There is none of this name.
        """
        for each in fields(self):
            if "choices" in each.metadata:
                check_choice(each.name, getattr(self, each.name), each.metadata["choices"])


def describe_settings() -> dict[str, Field[Any]]:
    """Return what describes each setting of the command, by its name; other commands have some of them."""
    return {each.name: each for each in (*fields(Settings), *fields(ServeSettings), *fields(Limits))}


def is_in_range(described: Field[Any], number: int) -> bool:
    """Return whether a setting takes a number."""
    least, most = described.metadata.get("least"), described.metadata.get("most")
    return (least is None or number >= least) and (most is None or number <= most)


def describe_range(described: Field[Any]) -> str | None:
    """Return which numbers a setting takes, or None if it takes none."""
    least, most = described.metadata.get("least"), described.metadata.get("most")
    return None if least is None else describe_whole(least, most)
