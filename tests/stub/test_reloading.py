"""What is made of saved files: when they are looked at and loaded, what stays, and what is said of a broken save."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from mockserver import StartError, create_app
from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem
from mockserver.schemas import CustomerSchema
from mockserver.stub.current import LONGEST_STALE, Current
from mockserver.stub.loading import Stub
from mockserver.stub.snapshots import scan_files
from mockserver.stub.watching import MOST_LOOKS, Watcher
from tests.support.stubs import load_stub

SECONDS = 60.0
"""What a test waits for at the most."""

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
FIXTURE = Path("files/a.yaml")


def person(name: str) -> str:
    return f"schema: Customer\nrecords: [{{PersonalId: a, FirstName: {name}}}]\n"


def answer(reply: str, more: str = "") -> str:
    return f"answers:\n- {{name: a, operation: getCustomer, when: {{id: a}}, reply: {reply}{more}}}\n"


BAD_SEX = "schema: Customer\nrecords:\n- {PersonalId: a, Sex: 3}\n"
BAD_SEX_TOLD = "files/a.yaml:3:24: Sex is 3, the contract allows 0 to 2. Change the record or the contract."


def save(path: Path, text: str | bytes) -> None:
    """Write a file in one step, as most editors do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(text if isinstance(text, bytes) else text.encode())
    draft.replace(path)


def save_in_place(path: Path, text: str) -> None:
    """Write into the file that is there, as other editors do; again where the clock of its times has not moved."""
    before = path.stat()
    while path.stat().st_mtime_ns == before.st_mtime_ns:
        path.write_text(text, encoding="utf-8")
    assert path.stat().st_ino == before.st_ino


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, so that places are short."""
    monkeypatch.chdir(tmp_path)


class Saving:
    """A stub of a folder of fixtures, or of what is said, with a watcher that looks when it is told to."""

    def __init__(self, **settings: str) -> None:
        Path("files").mkdir(exist_ok=True)
        app = create_app(**{"fixtures": "files", **settings})  # type: ignore[arg-type]  # they are texts
        self.told: list[str] = []
        self.current: Current = app.extensions["mockserver"]
        self.watcher = Watcher(self.current, self.told.append)
        self.client = app.test_client()
        self.before = self.current.loaded

    def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.before = self.watcher.look(self.before)

    @property
    def name(self) -> str:
        """The first name of the customer `a`; the status of an answer without."""
        response = self.client.get("/Customers/a")
        return str(json.loads(response.data)["FirstName"]) if response.status_code == 200 else response.status

    @property
    def stale(self) -> str | None:
        return self.client.get("/Customers/a").headers.get("X-Mock-Stale")


# Looking


def test_fixtures_and_the_folder_are_looked_at() -> None:
    for name in ("a.yaml", "b.YML", "sub/c.yaml", "sub/sub/d.yml", ".e.yaml", ".sub/f.yaml", "g.md", "h.yaml~"):
        save(Path("files", name), "")
    save(Path("openapi.yaml"), "")

    rows = scan_files([Path("openapi.yaml"), Path("files")], [Path("files/g.md"), Path("files/sub")])

    looked = ("openapi.yaml", "files", "files/a.yaml", "files/b.YML", "files/sub/c.yaml", "files/sub/sub/d.yml")
    assert sorted(row[0] for row in rows) == sorted([*looked, "files/g.md", "files/sub"])


@pytest.mark.parametrize("path", ["none", "none/a.yaml", "files/a.yaml/b", "x" * 9999])
def test_what_is_not_there_is_seen_when_it_comes(path: str) -> None:
    save(FIXTURE, "")

    assert scan_files([Path(path)], [Path("nul\0")]) == {(path, -1, 0, 0, 0), ("nul\0", -1, 0, 0, 0)}


def keep_times() -> None:
    times = FIXTURE.stat()
    save_in_place(FIXTURE, person("Eva"))
    os.utime(FIXTURE, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, Callable[[], object]] = {
    "in place": lambda: save_in_place(FIXTURE, person("Eva")),
    "in place, same times": keep_times,
    "replaced": lambda: save(FIXTURE, person("Eva")),
    "touched": lambda: os.utime(FIXTURE),
    "longer": lambda: save(FIXTURE, person("Evangeline")),
    "gone": FIXTURE.unlink,
    "renamed": lambda: FIXTURE.rename("files/b.yaml"),
    "another": lambda: save(Path("files/b.yaml"), "{}"),
    "in a new folder": lambda: save(Path("files/new/new/b.yml"), "{}"),
    "link": lambda: Path("files/b.yaml").symlink_to("a.yaml"),
    "folder gone": lambda: shutil.rmtree("files"),
    "empty folder gone": lambda: shutil.rmtree("empty"),
    "other folder": lambda: Path("files").rename("other"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen(change: str) -> None:
    save(FIXTURE, person("Ada"))
    Path("empty").mkdir()
    before = scan_files([Path("files"), Path("empty")])

    CHANGES[change]()

    assert scan_files([Path("files"), Path("empty")]) != before


@pytest.mark.parametrize("name", [".a.yaml.swp", ".b.yaml", ".git/c.yaml", "4913", "a.yaml~", "notes.md", "sub/x.json"])
def test_what_is_no_fixture_is_not_seen(name: str) -> None:
    save(FIXTURE, person("Ada"))
    before = scan_files([Path("files")])

    save(Path("files", name), "[")
    FIXTURE.read_text()

    assert scan_files([Path("files")]) == before


# Loading, step by step


def test_change_that_never_settles_is_loaded_after_some_looks() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    seen = []
    for number in range(2 * (MOST_LOOKS + 1)):
        save(FIXTURE, person("Eva" + "a" * number))
        saving.look()
        seen.append(saving.name)

    first = ["Ada"] * MOST_LOOKS + ["Eva" + "a" * MOST_LOOKS] * (MOST_LOOKS + 1)
    assert seen == [*first, "Eva" + "a" * (2 * MOST_LOOKS + 1)]


def test_body_file_that_is_saved_while_it_is_loaded_is_loaded_again() -> None:
    save(FIXTURE, "answers: [{name: n, operation: getCustomer, reply: {status: 418, body_file: body.txt}}]")
    body = Path("files/body.txt")
    save(body, "before")
    later = iter([save])

    def load() -> Stub:
        stub = load_stub(fixtures="files")
        for each in later:
            each(body, "behind")
        return stub

    current = Current(load, [Path("files")])
    told: list[str] = []
    watcher = Watcher(current, told.append)
    before = current.loaded
    for _ in range(3):
        before = watcher.look(before)

    assert [each.reply.text for each in current.served.stub.fixtures.answers] == [b"behind"]
    assert told == ["Reloaded."]


def test_change_is_loaded_once_it_has_settled() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()
    names = []

    saving.look()
    for name in ("Eva", "Evelyn", "Evangeline"):
        save(FIXTURE, person(name))
        saving.look()
        names.append(saving.name)
    assert saving.told == []
    for _ in range(3):
        saving.look()
        names.append(saving.name)

    assert names == ["Ada", "Ada", "Ada", "Evangeline", "Evangeline", "Evangeline"]
    assert saving.told == ["Reloaded."]


def test_change_that_is_taken_back_is_none() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    save(Path("files/b.yaml"), "[")
    saving.look()
    Path("files/b.yaml").unlink()
    saving.look(3)

    assert (saving.name, saving.stale, saving.told) == ("Ada", None, [])


@pytest.mark.parametrize("write", [save, save_in_place])
def test_name_of_the_same_length_is_served(write: Callable[[Path, str], None]) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    write(FIXTURE, person("Eva"))
    saving.look(2)

    assert (saving.name, saving.told) == ("Eva", ["Reloaded."])


def test_files_come_and_go() -> None:
    saving = Saving(source="fixtures")
    names = [saving.name]
    for change in (
        lambda: save(FIXTURE, person("Ada")),
        lambda: save(Path("files/0/a.yaml"), person("Eva").replace("a,", "b,")),
        lambda: FIXTURE.rename("files/0/z.yaml"),
        lambda: save(Path("files/0/z.yaml"), person("Eva")),
        lambda: shutil.rmtree("files/0"),
    ):
        change()
        saving.look(4)
        names.append(saving.name)

    assert names == ["404 Not Found", "Ada", "Ada", "Ada", "Eva", "404 Not Found"]
    assert saving.told == ["Reloaded."] * 5


def test_file_is_replaced_by_a_rename() -> None:
    save(FIXTURE, person("Ada"))
    save(Path("draft"), person("Eva"))
    saving = Saving()

    Path("draft").replace(FIXTURE)
    saving.look(2)

    assert (saving.name, saving.told) == ("Eva", ["Reloaded."])


def test_target_of_a_link_is_looked_at() -> None:
    save(Path("one/a.yaml"), person("Ada"))
    save(Path("two/a.yaml"), person("Eva"))
    Path("files").mkdir()
    Path("files/..data").symlink_to("../one")
    FIXTURE.symlink_to("..data/a.yaml")
    saving = Saving()
    names = [saving.name]

    # So do mounted settings change on Kubernetes: one link, to another folder, under the names.
    Path("files/..new").symlink_to("../two")
    Path("files/..new").replace("files/..data")
    saving.look(2)

    assert ([*names, saving.name], saving.told) == (["Ada", "Eva"], ["Reloaded."])


@pytest.mark.parametrize(
    ("fixtures", "body"),
    [("files", "x.json"), ("files", "sub/x.json"), ("files", ".x.json"), ("files/a.yaml", "x.json")],
)
def test_body_in_a_file_is_looked_at(fixtures: str, body: str) -> None:
    save(FIXTURE, answer(f"{{status: 500, body_file: {body}}}"))
    save(Path("files", body), '{"Message": "one"}')
    saving = Saving(fixtures=fixtures)
    bodies = []

    for name in ("two", "six", "three"):
        save(Path("files", body), json.dumps({"Message": name}))
        saving.look(4)
        bodies.append(saving.client.get("/Customers/a").data)

    assert bodies == [b'{"Message":"two"}', b'{"Message":"six"}', b'{"Message":"three"}']
    assert saving.told == ["Reloaded."] * 3


@pytest.mark.parametrize("fixtures", ["files", "files/a.yaml"])
def test_body_that_is_new_is_loaded_once_and_looked_at(fixtures: str) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures=fixtures)

    save(Path("files/x.json"), '{"Message": "one"}')
    save(FIXTURE, answer("{status: 500, body_file: x.json}"))
    saving.look(4)
    assert saving.told == ["Reloaded."]
    save(Path("files/x.json"), '{"Message": "two"}')
    saving.look(4)

    assert saving.told == ["Reloaded."] * 2
    assert saving.client.get("/Customers/a").data == b'{"Message":"two"}'


@pytest.mark.parametrize("fixtures", ["files", "files/a.yaml"])
@pytest.mark.parametrize("body", [None, "[", b"\xff"])
def test_body_that_is_set_right_is_served(body: str | bytes | None, fixtures: str) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures=fixtures)
    states = []

    save(FIXTURE, answer("{status: 500, body_file: x.json}"))
    if body is not None:
        save(Path("files/x.json"), body)
    saving.look(4)
    states.append((saving.name, saving.stale))
    save(Path("files/x.json"), '{"Message": "one"}')
    saving.look(4)
    states.append((saving.name, saving.stale))

    assert states == [("Ada", "files/a.yaml:2"), ("500 Internal Server Error", None)]
    assert saving.told[-1] == "All is well again: the files are served as they are."


@pytest.mark.parametrize("body", ["..", "../..", "sub", "none/x", '"nul\\0"', ".", "/"])
def test_body_that_cannot_be_one_is_a_fault_and_no_more(body: str) -> None:
    save(FIXTURE, person("Ada"))
    save(Path("files/sub/b.md"), "")
    saving = Saving()

    save(FIXTURE, answer(f"{{status: 500, body_file: {body}}}"))
    saving.look(4)
    save(Path("outside.yaml"), "")
    saving.look(4)

    assert (saving.name, saving.stale) == ("Ada", "files/a.yaml:2")
    assert len([line for line in saving.told if line.startswith("files/a.yaml:2:")]) == 1
    assert saving.told[-1] == "The last good files are served."


def test_fixtures_of_one_file_are_that_file() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures="files/a.yaml")

    save(Path("files/b.yaml"), "[")
    saving.look(3)
    assert saving.told == []
    save(FIXTURE, person("Eva"))
    saving.look(3)

    assert (saving.name, saving.told) == ("Eva", ["Reloaded."])


def test_breaches_are_warned_of_as_at_the_start() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(on_breach="warn")

    save(FIXTURE, BAD_SEX)
    saving.look(2)

    assert saving.told == ["Reloaded.", f"WARNING: {BAD_SEX_TOLD}"]
    assert (saving.client.get("/Customers/a").get_json()["Sex"], saving.stale) == (3, None)


# Broken saves


def test_broken_save_leaves_the_last_good_one_and_says_where() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    save(FIXTURE, BAD_SEX)
    saving.look(4)

    assert saving.told == [BAD_SEX_TOLD, "The last good files are served."]
    assert (saving.name, saving.stale) == ("Ada", "files/a.yaml:3")
    assert saving.client.get("/__mock/health").get_json()["stale"] == "files/a.yaml:3"


def test_good_save_clears_a_broken_one() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    save(FIXTURE, BAD_SEX)
    saving.look(2)
    save(FIXTURE, person("Eva"))
    saving.look(2)

    assert saving.told[2:] == ["All is well again: the files are served as they are."]
    assert (saving.name, saving.stale) == ("Eva", None)
    assert saving.client.get("/__mock/health").get_json()["stale"] is None


def test_save_as_it_was_clears_a_broken_one() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    FIXTURE.rename("away")
    save(FIXTURE, BAD_SEX)
    saving.look(2)
    Path("away").replace(FIXTURE)
    saving.look(2)

    assert (saving.name, saving.stale) == ("Ada", None)


OTHER_VERSION = CONTRACT.read_text(encoding="utf-8").replace("openapi: 3.1.0", "openapi: 2.0")


def save_all(**texts: str) -> None:
    for name, text in texts.items():
        save({"a": FIXTURE, "b": Path("files/b.yaml"), "contract": Path("openapi.yaml")}[name], text)


def turn_into_a_folder() -> None:
    Path("openapi.yaml").unlink()
    Path("openapi.yaml").mkdir()


BREAKS: dict[str, tuple[Callable[[], object], str]] = {
    "fixture": (lambda: save(FIXTURE, BAD_SEX), "files/a.yaml:3"),
    "half a fixture": (lambda: save(FIXTURE, person("Ada")[:-3]), "files/a.yaml:2"),
    "empty fixture": (lambda: save(FIXTURE, ""), "files/a.yaml:1"),
    "fixture of other bytes": (lambda: save(FIXTURE, person("Ada").encode("utf-16")), "files/a.yaml:1"),
    "byte in the third line": (lambda: save(FIXTURE, b"schema: Customer\n\n\xff"), "files/a.yaml:3"),
    "fixture that cannot be read": (lambda: Path("files/b.yaml").symlink_to("nowhere"), "files/b.yaml:1"),
    "fixture that is its own link": (lambda: Path("files/b.yaml").symlink_to("b.yaml"), "files/b.yaml:1"),
    "second file": (lambda: save(Path("files/sub/דנה.yaml"), "["), "files/sub/%D7%93%D7%A0%D7%94.yaml:1"),
    "two files": (lambda: save_all(b="[", a=BAD_SEX), "files/a.yaml:3"),
    "contract": (lambda: save_all(contract=OTHER_VERSION), "openapi.yaml:1"),
    "half a contract": (lambda: save(Path("openapi.yaml"), CONTRACT.read_bytes()[:7000]), "openapi.yaml:"),
    "empty contract": (lambda: save(Path("openapi.yaml"), ""), "openapi.yaml:1"),
    "contract gone": (Path("openapi.yaml").unlink, "openapi.yaml:1"),
    "contract is a folder": (turn_into_a_folder, "openapi.yaml:1"),
    "both": (lambda: save_all(a=BAD_SEX, contract=OTHER_VERSION), "openapi.yaml:1"),
    "no folder": (
        lambda: shutil.rmtree("files"),
        "files: there is no such folder or file. Name the folder of the fixtures.",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_every_broken_save_is_told_and_set_right(name: str) -> None:
    save(FIXTURE, person("Ada"))
    shutil.copy(CONTRACT, "openapi.yaml")
    saving = Saving(contract="openapi.yaml")
    change, stale = BREAKS[name]

    change()
    saving.look(4)
    told, last = saving.told[:-1], saving.told[-1]
    assert saving.name == "Ada"
    assert (saving.stale or "").startswith(stale)
    assert [line.startswith(stale.partition("%")[0]) for line in told[:1]] == [True]
    assert last == "The last good files are served."

    for path in ("files", "openapi.yaml"):
        shutil.rmtree(path) if Path(path).is_dir() else Path(path).unlink(missing_ok=True)
    save(FIXTURE, person("Eva"))
    shutil.copy(CONTRACT, "openapi.yaml")
    saving.look(4)
    assert (saving.name, saving.stale) == ("Eva", None)
    assert saving.told[len(told) + 1 :] == ["All is well again: the files are served as they are."]


def test_each_broken_save_is_told_anew() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()
    stale = []

    for lines in (0, 1, 2):
        save(FIXTURE, "\n" * lines + BAD_SEX)
        saving.look(4)
        stale.append(saving.stale)

    assert stale == ["files/a.yaml:3", "files/a.yaml:4", "files/a.yaml:5"]
    assert saving.told == [
        line
        for number in (3, 4, 5)
        for line in (BAD_SEX_TOLD.replace(":3:", f":{number}:"), "The last good files are served.")
    ]


def test_all_faults_are_told() -> None:
    saving = Saving()

    save(FIXTURE, BAD_SEX)
    save(Path("files/b.yaml"), BAD_SEX.replace("a,", "b,"))
    saving.look(2)

    others = BAD_SEX_TOLD.replace("a.yaml", "b.yaml")
    assert saving.told == [BAD_SEX_TOLD, others, "The last good files are served."]


# Loads that go wrong otherwise


class Loads:
    """Gives a stub, then raises one error after the other, then gives it again."""

    def __init__(self, *errors: Exception) -> None:
        Path("files").mkdir()
        self.stub = load_stub(fixtures="files")
        self.turns = [None, *errors, None]

    def __call__(self) -> Stub:
        error = self.turns.pop(0)
        if error is not None:
            raise error
        return self.stub


LONG = "folder/" * 60


@pytest.mark.parametrize(
    ("error", "told", "stale"),
    [
        (StartError("No such thing."), "No such thing.", "No such thing."),
        (StartError("ä\n" * 999), "ä\n" * 999, "%C3%A4%0A" * (LONGEST_STALE // 2)),
        (
            ZeroDivisionError("odd\nvalue"),
            "The files cannot be loaded: ZeroDivisionError('odd\\nvalue'). Save them again.",
            "The files cannot be loaded: ZeroDivisionError(%27odd%5Cnvalue%27). Save them again.",
        ),
        (
            DocumentError([Problem(Place("b", 2, 3), "second"), Problem(Place("a", 14, 8), "first")]),
            "a:14:8: first\nb:2:3: second",
            "a:14",
        ),
        (DocumentError([Problem(Place(f"{LONG}a", 14, 8), "x")]), f"{LONG}a:14:8: x", f"{LONG}a:14"),
    ],
    ids=["no place", "long", "unexpected", "places", "long path"],
)
def test_error_of_a_load_is_kept_until_the_next_good_one(error: Exception, told: str, stale: str) -> None:
    loads = Loads(error)
    current = Current(loads)

    found = current.reload()
    served = current.served

    assert (str(found), served.stub, served.stale) == (told, loads.stub, stale)
    assert (current.reload(), current.served.stale) == (None, None)


def test_load_that_fails_at_the_start_is_the_callers() -> None:
    with pytest.raises(StartError):
        create_app(fixtures="none")


class Careful(CustomerSchema):
    """A class that cannot be put together a second time, for a reason that nobody foresaw."""

    count = 0

    def __init__(self, *given: object, **named: object) -> None:
        if Careful.count:
            raise ZeroDivisionError("a mistake of the user's")
        super().__init__(*given, **named)  # type: ignore[arg-type]  # passed on


def test_unexpected_exception_of_a_load_leaves_the_server_running(monkeypatch: pytest.MonkeyPatch) -> None:
    save(FIXTURE, person("Ada"))
    app = create_app(fixtures="files", schemas={"Customer": Careful})
    told: list[str] = []
    current = app.extensions["mockserver"]
    watcher = Watcher(current, told.append)
    monkeypatch.setattr(Careful, "count", 1)

    save(FIXTURE, person("Eva"))
    watcher.look(watcher.look(current.loaded))
    answer = app.test_client().get("/Customers/a")

    text = 'The files cannot be loaded: ZeroDivisionError("a mistake of the user\'s"). Save them again.'
    assert told == [text, "The last good files are served."]
    assert (answer.status_code, answer.get_json()["FirstName"]) == (200, "Ada")
    assert answer.headers["X-Mock-Stale"].startswith("The files cannot be loaded: ZeroDivisionError")
    monkeypatch.setattr(Careful, "count", 0)
    save(FIXTURE, person("Eva"))
    watcher.look(watcher.look(current.loaded))
    assert app.test_client().get("/Customers/a").get_json()["FirstName"] == "Eva"


# In a thread


def has_come(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds."""
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        if condition():
            return True
    return False


def test_watcher_looks_until_it_is_stopped() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    saving.watcher.start()
    save(FIXTURE, person("Eva"))
    assert has_come(lambda: saving.name == "Eva")
    save(FIXTURE, BAD_SEX)
    assert has_come(lambda: saving.stale == "files/a.yaml:3")
    save(FIXTURE, person("Ada"))
    assert has_come(lambda: saving.stale is None)
    saving.watcher.stop()
    save(FIXTURE, person("Eva"))

    assert not any(thread.name == "reload" for thread in threading.enumerate())
    assert saving.name == "Ada"


class Gate(Loads):
    """Gives a stub, and from then on waits at a gate before it does."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> Stub:
        if len(self.turns) == 1:
            self.entered.set()
            assert self.opened.wait(SECONDS)
        return super().__call__()


def test_load_that_takes_long_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.stub.watching.STOP_SECONDS", 0.0)
    loads = Gate()
    watcher = Watcher(Current(loads, [Path("files")]), print)

    watcher.start()
    save(FIXTURE, person("Ada"))
    assert loads.entered.wait(SECONDS)
    watcher.stop()

    threads = [thread for thread in threading.enumerate() if thread.name == "reload"]
    assert [thread.daemon for thread in threads] == [True]
    loads.opened.set()
    threads[0].join(SECONDS)
    assert not threads[0].is_alive()


def test_requests_are_answered_while_files_are_loaded() -> None:
    loads = Gate()
    current = Current(loads, [Path("files")])
    thread = threading.Thread(target=current.reload)

    thread.start()
    assert loads.entered.wait(SECONDS)
    served = current.served
    loads.opened.set()
    thread.join(SECONDS)

    assert (served.stub, served.stale) == (loads.stub, None)
