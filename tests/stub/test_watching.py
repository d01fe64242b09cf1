"""The watcher: when it loads saved files, and what it tells of good and broken saves."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mockserver.documents.wording import count
from mockserver.schemas import CustomerSchema
from mockserver.stub.current import Current
from mockserver.stub.loading import Stub
from mockserver.stub.watching import Watcher
from tests.support.files import save
from tests.support.process import SECONDS, Serve, Serving
from tests.support.saving import (
    BROKEN,
    CONTRACT,
    FIXTURE,
    PROBLEM,
    STALE,
    Saving,
    comes_to,
    person,
    save_in_place,
)
from tests.support.stubs import load_stub

pytestmark = pytest.mark.usefixtures("files")

LAST_GOOD = "The last good files are served."
WELL = "All is well again: 1 record and 0 answers."
WELL_ANSWERED = "All is well again: 0 records and 1 answer."
RELOADED = "Reloaded: 1 record and 0 answers."


def body(file: str) -> str:
    return (
        f"answers:\n- {{name: a, operation: getCustomer, when: {{id: a}}, reply: {{status: 500, body_file: {file}}}}}\n"
    )


# When files are loaded


def test_unsettled_change_is_loaded_every_fourth_look() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()
    seen = []

    for number in range(8):
        save(FIXTURE, person("Eva" + "a" * number))
        saving.look(1)
        seen.append(saving.state[0])

    assert seen == ["Ada"] * 3 + ["Evaaaa"] * 4 + ["Evaaaaaaaa"]


def test_change_is_loaded_once_it_has_settled() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()
    seen = []

    for name in ("Eva", "Evelyn", None, None):
        if name:
            save(FIXTURE, person(name))
        saving.look(1)
        seen.append((saving.state[0], *saving.told))

    assert seen == [("Ada",), ("Ada",), ("Evelyn", RELOADED), ("Evelyn", RELOADED)]


def test_change_that_is_taken_back_is_forgotten() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    for _ in range(3):
        save(Path("files/b.yaml"), "[")
        saving.look(1)
        Path("files/b.yaml").unlink()
        saving.look(2)

    assert (saving.state, saving.told) == (("Ada", None), [])


def turn_link() -> None:
    # So do mounted settings change on Kubernetes: one link, to another folder, under the names.
    Path("files/..new").symlink_to("../two")
    Path("files/..new").replace("files/..data")


def link_files() -> None:
    save(Path("one/a.yaml"), person("Ada"))
    save(Path("two/a.yaml"), person("Eva"))
    FIXTURE.unlink()
    Path("files/..data").symlink_to("../one")
    FIXTURE.symlink_to("..data/a.yaml")


@pytest.mark.parametrize(
    ("prepare", "change", "told"),
    [
        (None, lambda: save(FIXTURE, person("Eva")), 1),
        (None, lambda: save_in_place(FIXTURE, person("Eva")), 1),
        (lambda: save(Path("draft"), person("Eva")), lambda: Path("draft").replace(FIXTURE), 1),
        (link_files, turn_link, 1),
        (None, lambda: save(Path("files/b.md"), "["), 0),
    ],
    ids=["saved", "saved in place", "replaced by another", "link turned", "another file"],
)
def test_save_is_loaded_once(prepare: Callable[[], object] | None, change: Callable[[], object], told: int) -> None:
    save(FIXTURE, person("Ada"))
    if prepare:
        prepare()
    saving = Saving()

    change()
    saving.look()

    assert (saving.state, saving.told) == ((("Ada", "Eva")[told], None), [RELOADED] * told)


def test_files_come_and_go() -> None:
    saving = Saving(source="fixtures")
    names = [saving.state[0]]
    for change in (
        lambda: save(FIXTURE, person("Ada")),
        lambda: save(Path("files/0/a.yaml"), person("Eva").replace("a,", "b,")),
        lambda: FIXTURE.rename("files/0/z.yaml"),
        lambda: save(Path("files/0/z.yaml"), person("Eva")),
        lambda: shutil.rmtree("files/0"),
    ):
        change()
        saving.look()
        names.append(saving.state[0])

    empty = "WARNING: files: This folder has no fixture file. Write one that ends in .yaml or .yml."
    assert (names, saving.told) == (
        ["", "Ada", "Ada", "Ada", "Eva", ""],
        [*(f"Reloaded: {count(number, 'record')} and 0 answers." for number in (1, 2, 2, 2, 0)), empty],
    )


def test_fixtures_of_one_file_are_that_file() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures="files/a.yaml")

    save(Path("files/b.yaml"), "[")
    saving.look()
    assert saving.told == []
    save(FIXTURE, person("Eva"))
    saving.look()

    assert (saving.state, saving.told) == (("Eva", None), [RELOADED])


@pytest.mark.parametrize(
    ("fixtures", "file"),
    [("files", "x.json"), ("files", "sub/x.json"), ("files", ".x.json"), ("files/a.yaml", "x.json")],
)
def test_saved_body_file_is_loaded(fixtures: str, file: str) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures=fixtures)
    bodies = []

    save(FIXTURE, body(file))
    for name in ("one", "two", "three"):
        save(Path("files", file), f'{{"Message": "{name}"}}')
        saving.look()
        bodies.append(saving.state[0])

    assert bodies == ['{"Message":"one"}', '{"Message":"two"}', '{"Message":"three"}']
    assert saving.told == ["Reloaded: 0 records and 1 answer."] * 3


# Broken saves


def break_all(**texts: str) -> None:
    for name, text in texts.items():
        save({"a": FIXTURE, "b": Path("files/b.yaml"), "contract": Path("openapi.yaml")}[name], text)


def turn_into_a_folder() -> None:
    Path("openapi.yaml").unlink()
    Path("openapi.yaml").mkdir()


OTHER_VERSION = CONTRACT.replace("openapi: 3.1.0", "openapi: 2.0")

BREAKS: dict[str, tuple[Callable[[], object], str]] = {
    "fixture": (lambda: save(FIXTURE, BROKEN), STALE),
    "half a fixture": (lambda: save(FIXTURE, person("Ada")[:-3]), "files/a.yaml:2"),
    "empty fixture": (lambda: save(FIXTURE, ""), "files/a.yaml:1"),
    "fixture of other bytes": (lambda: save(FIXTURE, person("Ada").encode("utf-16")), "files/a.yaml:1"),
    "byte in the third line": (lambda: save(FIXTURE, b"schema: Customer\n\n\xff"), "files/a.yaml:3"),
    "fixture that cannot be read": (lambda: Path("files/b.yaml").symlink_to("nowhere"), "files/b.yaml:1"),
    "fixture that is its own link": (lambda: Path("files/b.yaml").symlink_to("b.yaml"), "files/b.yaml:1"),
    "second file": (lambda: save(Path("files/sub/דנה.yaml"), "["), "files/sub/%D7%93%D7%A0%D7%94.yaml:1"),
    "two files": (lambda: break_all(b="[", a=BROKEN), STALE),
    "contract": (lambda: save(Path("openapi.yaml"), OTHER_VERSION), "openapi.yaml:1"),
    "half a contract": (lambda: save(Path("openapi.yaml"), CONTRACT[:7000]), "openapi.yaml:"),
    "empty contract": (lambda: save(Path("openapi.yaml"), ""), "openapi.yaml:1"),
    "contract gone": (lambda: Path("openapi.yaml").unlink(), "openapi.yaml:1"),
    "contract is a folder": (turn_into_a_folder, "openapi.yaml:1"),
    "both": (lambda: break_all(a=BROKEN, contract=OTHER_VERSION), "openapi.yaml:1"),
    "no folder": (
        lambda: shutil.rmtree("files"),
        "fixtures: files: there is no such folder or file. Name the folder of the fixtures.",
    ),
    "no body": (lambda: save(FIXTURE, body("x.json")), "files/a.yaml:2"),
    **{
        f"body {file}": (partial(save, FIXTURE, body(file)), "files/a.yaml:2")
        for file in ("..", "../..", "sub", "none/x", '"nul\\0"', ".", "/")
    },
}


@pytest.mark.parametrize("name", BREAKS)
def test_broken_save_is_told_and_set_right(name: str) -> None:
    save(FIXTURE, person("Ada"))
    save(Path("openapi.yaml"), CONTRACT)
    save(Path("files/sub/beside.md"), "")
    saving = Saving(contract="openapi.yaml")
    change, place = BREAKS[name]

    change()
    saving.look()
    save(Path("outside.yaml"), "")
    saving.look()
    told, (served, stale) = list(saving.told), saving.state
    for path in ("files", "openapi.yaml"):
        shutil.rmtree(path) if Path(path).is_dir() else Path(path).unlink(missing_ok=True)
    save(FIXTURE, person("Eva"))
    save(Path("openapi.yaml"), CONTRACT)
    saving.look()

    assert (served, (stale or "").startswith(place)) == ("Ada", True)
    assert told[0].startswith(place.partition("%")[0])
    assert (told[-1], told.count(LAST_GOOD)) == (LAST_GOOD, 1)
    assert (saving.state, saving.told[len(told) :]) == (("Eva", None), [WELL])


@pytest.mark.parametrize("text", [None, "[", b"\xff"])
def test_body_that_is_set_right_is_served(text: str | bytes | None) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(fixtures="files/a.yaml")
    if text is not None:
        save(Path("files/x.json"), text)

    save(FIXTURE, body("x.json"))
    saving.look()
    states = [saving.state]
    save(Path("files/x.json"), '{"Message": "one"}')
    saving.look()

    assert [*states, saving.state] == [("Ada", "files/a.yaml:2"), ('{"Message":"one"}', None)]
    assert saving.told[-1] == WELL_ANSWERED


def test_each_broken_save_reports_all_its_problems() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    save(FIXTURE, BROKEN)
    saving.look()
    save(Path("files/b.yaml"), BROKEN.replace("a,", "b,"))
    saving.look()
    FIXTURE.rename("away")
    save(FIXTURE, f"\n{BROKEN}")
    saving.look()
    stale = saving.state
    Path("files/b.yaml").unlink()
    Path("away").replace(FIXTURE)
    saving.look()

    second, moved = PROBLEM.replace("a.yaml", "b.yaml"), PROBLEM.replace(":3:", ":4:")
    told = [[PROBLEM], [PROBLEM, second], [moved, second], [PROBLEM]]
    assert saving.told == [line for lines in told for line in (*lines, LAST_GOOD)]
    assert (stale, saving.state) == (("Ada", "files/a.yaml:4"), ("Ada", STALE))


def test_breaches_are_warned_of_as_at_the_start() -> None:
    saving = Saving(on_breach="warn")

    save(FIXTURE, BROKEN)
    saving.look()

    assert saving.told == [RELOADED, f"WARNING: {PROBLEM}"]
    assert (saving.client.get("/Customers/a").get_json()["Sex"], saving.state[1]) == (3, None)


class Careful(CustomerSchema):
    """A class that cannot be put together a second time, for a reason that nobody foresaw."""

    is_broken = False

    def __init__(self, *given: object, **named: object) -> None:
        if Careful.is_broken:
            raise ZeroDivisionError("a mistake of the user's")
        super().__init__(*given, **named)  # type: ignore[arg-type]  # passed on


def test_unexpected_error_leaves_the_server_running(monkeypatch: pytest.MonkeyPatch) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving(schemas={"Customer": Careful})
    monkeypatch.setattr(Careful, "is_broken", True)

    save(FIXTURE, person("Eva"))
    saving.look()
    told, broken = list(saving.told), saving.state
    monkeypatch.setattr(Careful, "is_broken", False)
    save(FIXTURE, person("Eva"))
    saving.look()

    text = 'The files cannot be loaded: ZeroDivisionError("a mistake of the user\'s"). Save them again.'
    assert (told, broken) == ([text, LAST_GOOD], ("Ada", text.replace('"', "%22").replace("'", "%27")))
    assert saving.state == ("Eva", None)


# In a thread, and in the command


def test_watcher_looks_until_it_is_stopped() -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()

    saving.watcher.start()
    for text, state in ((person("Eva"), ("Eva", None)), (BROKEN, ("Eva", STALE)), (person("Ada"), ("Ada", None))):
        save(FIXTURE, text)
        assert comes_to(lambda: saving.state, state)
    saving.watcher.stop()
    save(FIXTURE, person("Eva"))

    assert not any(thread.name == "reload" for thread in threading.enumerate())
    assert saving.state == ("Ada", None)


def test_long_load_does_not_hold_up_the_end() -> None:
    entered, opened = threading.Event(), threading.Event()
    stub, loads = load_stub(fixtures="files"), iter([False, True])

    def load() -> Stub:
        if next(loads):
            entered.set()
            assert opened.wait(SECONDS)
        return stub

    watcher = Watcher(Current(load, [Path("files")]), print)
    watcher.start()
    save(FIXTURE, person("Ada"))
    assert entered.wait(SECONDS)
    watcher.stop(patience=0)

    threads = [thread for thread in threading.enumerate() if thread.name == "reload"]
    assert [thread.daemon for thread in threads] == [True]
    opened.set()
    threads[0].join(SECONDS)
    assert not threads[0].is_alive()


def fetch(serving: Serving, target: str = "/Customers/a") -> tuple[int, str | None, str]:
    """The status, X-Mock-Stale and body of an answer."""
    with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
        client.request("GET", target)
        response = client.getresponse()
        return response.status, response.headers["X-Mock-Stale"], response.read().decode()


def test_command_serves_good_saves_and_survives_broken_ones(serve: Serve) -> None:
    save(FIXTURE, person("Ada"))
    save(Path("openapi.yaml"), CONTRACT)
    serving = serve("--quiet", "--contract", "openapi.yaml", "--fixtures", "files")
    contract = Path("openapi.yaml")
    saves: tuple[tuple[Path, str | bytes, str | None], ...] = (
        (FIXTURE, BROKEN, STALE),
        (contract, OTHER_VERSION, "openapi.yaml:1"),
        (contract, CONTRACT.replace("- url: /API", "- url: /NEW"), STALE),
        (FIXTURE, b"schema: \xff", "files/a.yaml:1"),
        (FIXTURE, person("Eva"), None),
    )

    names = []
    for path, text, stale in saves:
        save(path, text)
        assert comes_to(lambda: fetch(serving, "/nowhere")[1], stale)
        names.append(re.findall("Ada|Eva", fetch(serving)[2]))
    statuses = [fetch(serving, f"/{root}/Customers/a")[0] for root in ("NEW", "API")]
    code, output, errors = serving.end()

    *told, last = errors.split(f"{LAST_GOOD}\n")
    assert (names, statuses) == ([["Ada"]] * 4 + [["Eva"]], [200, 404])
    assert [re.findall(r"\A[^:]+:\d+(?=:\d+: )", text) for text in told] == [[stale] for _, _, stale in saves[:-1]]
    assert (code, output, last) == (0, "", f"{WELL}\n")


def test_save_amid_requests_fails_none_of_them(serve: Serve) -> None:
    save(FIXTURE, person("N00"))
    serving = serve("--quiet", "--fixtures", "files")
    is_over = threading.Event()

    def send() -> list[tuple[int, str | None, str]]:
        seen = []
        while not is_over.is_set():
            seen.append(fetch(serving))
        return seen

    with ThreadPoolExecutor(4) as pool:
        loads = [pool.submit(send) for _ in range(4)]
        try:
            for number in range(1, 11):
                save(FIXTURE, person(f"N{number:02}"))
                assert comes_to(lambda: re.findall(r"N\d\d", fetch(serving)[2]), [f"N{number:02}"])
        finally:
            is_over.set()

    for each in loads:
        names = [re.findall(r"N\d\d", text) for _, _, text in each.result()]
        assert names == sorted(names)
        assert {(status, stale) for status, stale, _ in each.result()} == {(200, None)}
    assert serving.end() == (0, "", f"{RELOADED}\n" * 10)
