"""Files that are saved while a stub of them is served."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockserver import create_app
from mockserver.stub.current import Current
from mockserver.stub.watching import Watcher
from tests.support.process import SECONDS
from tests.support.waiting import has_come

CONTRACT = (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
FIXTURE = Path("files/a.yaml")
BROKEN = "schema: Customer\nrecords:\n- {PersonalId: a, Sex: 3}\n"
STALE = "files/a.yaml:3"
PROBLEM = f"{STALE}:24: Sex is 3, the contract allows 0 to 2. Change the record or the contract."


def person(name: str) -> str:
    return f"schema: Customer\nrecords: [{{PersonalId: a, FirstName: {name}}}]\n"


def save_in_place(path: Path, text: str | bytes) -> None:
    """Write into the file, as other editors do; again if its times have not moved."""
    before = path.stat()
    while path.stat().st_mtime_ns == before.st_mtime_ns:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert path.stat().st_ino == before.st_ino


def comes_to(look: Callable[[], object], expected: object) -> bool:
    """Look again and again until what is expected is seen; return whether it was seen in time."""
    return has_come(lambda: look() == expected, SECONDS)


class Saving:
    """A stub of the folder `files`, with a watcher that looks when it is told to."""

    def __init__(self, **settings: Any) -> None:
        app = create_app(**{"fixtures": "files", **settings})
        self.told: list[str] = []
        self.current: Current = app.extensions["mockserver"]
        self.watcher = Watcher(self.current, self.told.append)
        self.client = app.test_client()
        self.seen = self.current.loaded

    def look(self, times: int = 4) -> None:
        for _ in range(times):
            self.seen = self.watcher.look(self.seen)

    @property
    def state(self) -> tuple[str, str | None]:
        """The first name of the customer `a`, or the body of an answer without, and X-Mock-Stale."""
        response = self.client.get("/Customers/a")
        name = json.loads(response.data)["FirstName"] if response.status_code == 200 else response.text
        return str(name), response.headers.get("X-Mock-Stale")
