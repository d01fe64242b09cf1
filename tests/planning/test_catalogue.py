"""The catalogue of an operation: its names as an overlay changes them."""

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


def test_parameter_named_like_a_query_preference_is_bound(boxes: Planner) -> None:
    sources = [str(ask(boxes, f"/boxes/7?__code={code}").source) for code in ("404", "nonsense")]

    assert sources == ["record files/all.yaml:2"] * 2
