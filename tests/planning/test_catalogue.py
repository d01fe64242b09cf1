"""The catalogue of an operation: its names as an overlay changes them, and the headers of a status."""

from mockserver.planning.planner import Planner
from mockserver.state.sessions import Session
from tests.support.answers import make_answer
from tests.support.plans import KNOWN, NAMES, ask, read

EXAMPLES = ("found", "sparse", "idTypeNotInteger", "idTypeBlank", "methodNotAllowed", "serverError", "missing")


def list_examples(planner: Planner, session: Session) -> list[str]:
    """Return the names that the error over an unknown one lists."""
    _, _, listed = read(ask(planner, KNOWN, "example=qqq", session))["Message"].partition("There are ")
    return str(listed).removesuffix(".").split(", ")


def test_answer_that_hides_another_is_listed_once(planner: Planner) -> None:
    session = Session()
    session.add([make_answer("hello", 409), make_answer("new", 410)])

    assert list_examples(planner, session) == [*EXAMPLES, "hello", "new", *(name for name in NAMES if name != "hello")]


def test_answer_of_another_operation_hides_without_replacing(planner: Planner) -> None:
    session = Session()
    session.add([make_answer("teapot", 409, operation="getOther")])

    message = read(ask(planner, KNOWN, "example=teapot", session))["Message"]

    assert message.startswith("example is 'teapot', which does not exist")
    assert list_examples(planner, session) == [*EXAMPLES, *NAMES[1:]]
    assert ask(planner, "/Customers/answered", session=session).source.kind == "generated"


def test_headers_of_a_status_are_the_contracts_own(boxes: Planner) -> None:
    created, slower = (ask(boxes, "/boxes/7", f"code={code}").reply for code in (201, 429))

    assert created.header("Location") == '/boxes/7?a=b&c="d"; e=100%, f'
    known = {
        "Retry-After": "60",
        "X-Name": "%D7%93%D7%A0%D7%94 %C3%A9",
        "X-Flag": "true",
        "X-None": "",
        "X-Map": "",
        "X-Default": "usual",
        "X-List": "a, 1, ",
        "X-Optional": None,
        "Vary": "Accept-Language, Prefer",
        # The connection, the stub or the host writes these.
        "Connection": None,
        "X-Mock-Source": "code 429",
        "Cache-Control": "no-cache",
    }
    assert {name: slower.header(name) for name in known} == known
    assert all(slower.header(name) for name in ("X-Text", "X-Bare"))


def test_required_header_without_a_value_is_generated(boxes: Planner) -> None:
    values = [ask(boxes, f"/boxes/{number}", "code=200").reply.header("X-Rate") for number in (7, 8)]

    assert all(value is not None and 1 <= int(value) <= 9 for value in values)


def test_parameter_named_like_a_query_preference_is_bound(boxes: Planner) -> None:
    sources = [str(ask(boxes, f"/boxes/7?__code={code}").source) for code in ("404", "nonsense")]

    assert sources == ["record files/all.yaml:2"] * 2
