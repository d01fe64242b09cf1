"""What is served: the last good stub, and what is said of a load that failed."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver import DocumentError, StartError, create_app
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.stub.current import Current
from mockserver.stub.loading import Stub
from tests.support.files import save
from tests.support.process import SECONDS
from tests.support.saving import FIXTURE, Saving, person
from tests.support.stubs import load_stub

pytestmark = pytest.mark.usefixtures("files")

BODY = Path("files/body.txt")
LONG = "folder/" * 60


def make_loader(*turns: Callable[[], object]) -> tuple[Stub, Callable[[], Stub]]:
    """A stub, and what loads it again and again; before that it takes one turn after the other."""
    stub, ahead = load_stub(fixtures="files"), iter(turns)

    def load() -> Stub:
        for turn in ahead:
            turn()
            break
        return stub

    return stub, load


def raising(error: Exception) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "told", "stale"),
    [
        (StartError("No such thing."), "No such thing.", "No such thing."),
        (StartError("ä\n" * 999), "ä\n" * 999, "%C3%A4%0A" * 100),
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
def test_load_error_is_kept_until_a_good_load(error: Exception, told: str, stale: str) -> None:
    stub, load = make_loader(lambda: None, raising(error))
    current = Current(load)

    found = current.reload()
    served = current.served

    assert (str(found), served.stub, served.stale) == (told, stub, stale)
    assert (current.reload(), current.served.stale) == (None, None)


@pytest.mark.parametrize(
    ("inputs", "error", "stale"),
    [
        (
            ["/home/me/fixtures"],
            DocumentError([Problem(Place("/home/me/fixtures/b/a.yaml", 3), "x")]),
            "fixtures/b/a.yaml:3",
        ),
        (["/home/me/api.yaml", "f"], DocumentError([Problem(Place("/home/me/api.yaml"), "x")]), "api.yaml:1"),
        (["/a/b/f", "/a"], DocumentError([Problem(Place("/a/b/f/b/f"), "x")]), "f/b/f:1"),
        (["../f"], DocumentError([Problem(Place("../f/a.yaml", 3), "x")]), "../f/a.yaml:3"),
        (["deep/f"], DocumentError([Problem(Place("deep/f/deep/a.yaml", 3), "x")]), "deep/f/deep/a.yaml:3"),
        (["/f"], DocumentError([Problem(Place("/f/a.yaml", 3), "x")]), "/f/a.yaml:3"),
        (["/home/me/f"], StartError("/home/me/f: there is no such folder."), "f: there is no such folder."),
    ],
    ids=str,
)
def test_what_leaves_names_files_from_the_input_on(inputs: list[str], error: StartError, stale: str) -> None:
    stub, load = make_loader(lambda: None, raising(error))
    current = Current(load, map(Path, inputs))

    current.reload()

    assert (current.served.stub, current.served.stale) == (stub, stale)


def test_what_leaves_does_not_tell_the_current_folder() -> None:
    _, load = make_loader(lambda: None, raising(OSError(f"odd {Path.cwd()}/files and {Path.cwd()}/files/a")))
    current = Current(load, [Path("files")])

    current.reload()

    assert (current.served.stale or "").startswith("The files cannot be loaded: OSError(%27odd files and files/a%27)")


def test_error_at_the_start_is_the_callers() -> None:
    with pytest.raises(StartError):
        create_app(fixtures="none")


@pytest.mark.parametrize("is_saved_late", [False, True])
def test_body_file_saved_during_load_is_reloaded(is_saved_late: bool) -> None:
    save(FIXTURE, "answers: [{name: n, operation: getCustomer, reply: {status: 418, body_file: body.txt}}]")
    save(BODY, "before")

    def load() -> Stub:
        stub = load_stub(fixtures="files")
        if is_saved_late:
            save(BODY, "after")
        return stub

    current = Current(load, [Path("files")])

    assert (current.scan() != current.loaded) == is_saved_late


@pytest.mark.parametrize("is_good", [False, True])
def test_body_file_named_in_a_save_is_watched(is_good: bool) -> None:
    current = Current(lambda: load_stub(fixtures="files"), [Path("files")])
    save(FIXTURE, "answers: [{name: n, operation: getCustomer, reply: {status: 418, body_file: body.txt}}]")
    if is_good:
        save(BODY, "before")

    assert (current.reload() is None) == is_good
    before = current.scan()
    save(BODY, "after")

    assert before == current.loaded != current.scan()


def test_requests_are_answered_during_a_load() -> None:
    entered, opened = threading.Event(), threading.Event()

    def wait() -> None:
        entered.set()
        opened.wait(SECONDS)

    stub, load = make_loader(lambda: None, wait)
    current = Current(load, [Path("files")])
    thread = threading.Thread(target=current.reload)

    thread.start()
    assert entered.wait(SECONDS)
    served = current.served
    opened.set()
    thread.join(SECONDS)

    assert (served.stub, served.stale) == (stub, None)


def test_reload_leaves_the_garbage_collector_on(monkeypatch: pytest.MonkeyPatch) -> None:
    save(FIXTURE, person("Ada"))
    saving = Saving()
    monkeypatch.setattr(gc, "disable", raising(AssertionError("It concerns the whole process.")))

    assert saving.current.reload() is None


def test_stub_of_before_is_let_go() -> None:
    saving = Saving()
    before = weakref.ref(saving.current.served.stub.planner)
    for target in ("/Customers/a", "/__mock/"):
        saving.client.get(target)

    saving.current.reload()
    saving.client.get("/Customers/a")
    gc.collect()

    assert before() is None
