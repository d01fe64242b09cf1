"""The switches in which real hosts differ, over the whole journey."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import create_app, load_contract
from mockserver.documents.problems import StartError
from mockserver.documents.yaml_text import parse_document, write_document
from tests.support.stubs import load_stub

Write = Callable[[str, str], Path]

INVALID = {"Message": "The request is invalid."}
NOT_INTEGER = {**INVALID, "ModelState": {"idType": ["The value 'abc' is not valid for Int32."]}}
REQUIRED = ["A value is required but was not present in the request."]


def ask(target: str, headers: dict[str, str] | None = None, **settings: Any) -> tuple[int, object]:
    response = create_app(**settings).test_client().get(target, headers=headers)
    return response.status_code, json.loads(response.data) if response.data else None


@pytest.mark.parametrize(
    ("model_state", "target", "answer"),
    [
        ("contract", "/Customers/not-found?idType=abc", (400, NOT_INTEGER)),
        ("checked", "/Customers/not-found?idType=abc", (400, NOT_INTEGER)),
        ("ignored", "/Customers/not-found?idType=abc", (404, None)),
        ("contract", "/Customers/not-found?idTypeExtRef=", (404, None)),
        ("checked", "/Customers/a?idTypeExtRef=", (400, {**INVALID, "ModelState": {"idTypeExtRef.String": REQUIRED}})),
        ("ignored", "/Customers/not-found?idTypeExtRef=", (404, None)),
        ("contract", "/Customers/%20", (404, None)),
        ("checked", "/Customers/%20", (400, {**INVALID, "ModelState": {"id.String": REQUIRED}})),
        ("ignored", "/Customers/%20", (404, None)),
        ("contract", "/Customers/a?idType=", (400, INVALID)),
        ("checked", "/Customers/a?idType=", (400, INVALID)),
        ("ignored", "/Customers/a?idType=", (400, INVALID)),
        ("contract", "/Customers/not-found?a[b=1", (404, None)),
        ("checked", "/Customers/not-found?a[b=1", (500, {"Message": "An error has occurred."})),
        ("ignored", "/Customers/not-found?a[b=1", (500, {"Message": "An error has occurred."})),
    ],
)
def test_model_state_decides_what_becomes_of_text_that_was_not_bound(
    model_state: str, target: str, answer: tuple[int, object]
) -> None:
    assert ask(target, model_state=model_state) == answer


def test_ignored_text_is_the_default_and_a_blank_one_is_given_back_as_null() -> None:
    status, customer = ask("/Customers/42?idType=abc&idTypeExtRef=", model_state="ignored")

    assert isinstance(customer, dict)
    assert (status, customer["PersonalIdTypeId"], customer["PersonalIdTypeExtRef"]) == (200, 0, None)


def test_unclosed_bracket_comes_before_the_method_and_behind_the_route() -> None:
    client = create_app(model_state="checked").test_client()

    statuses = [client.post(target).status_code for target in ("/Customers/1?a[=1", "/Nope?a[=1", "/Customers/1")]

    assert statuses == [500, 404, 405]


@pytest.mark.parametrize("text", ["0x10", "%231f", "%26h10", "+1", "%2B1", " 1 ", "1%00", "007", "-0x1", "%C2%A01"])
def test_strict_takes_integers_in_plain_decimal_only(text: str) -> None:
    status, _ = ask(f"/Customers/42?idType={text}", strict=True)

    assert status == 400


@pytest.mark.parametrize("text", ["0", "1", "-1", "2147483647", "-2147483648"])
def test_strict_takes_every_integer_of_the_contract(text: str) -> None:
    status, customer = ask(f"/Customers/42?idType={text}", strict=True)

    assert isinstance(customer, dict)
    assert (status, customer["PersonalIdTypeId"]) == (200, int(text))


@pytest.mark.parametrize(
    ("missing", "answer"),
    [
        ("empty", (404, None)),
        ("message", (404, {"Message": "Customer 'nobody' was not found."})),
        ("null", (200, None)),
    ],
)
def test_missing_says_what_is_answered_where_nobody_is_found(missing: str, answer: tuple[int, object]) -> None:
    response = create_app(source="fixtures", missing=missing).test_client().get("/Customers/nobody")

    said = json.loads(response.data) if response.data else None
    assert (response.status_code, said) == answer
    assert (response.data == b"null") is (missing == "null")


def test_answer_that_says_404_speaks_as_the_host_does() -> None:
    assert ask("/Customers/not-found", missing="message") == (404, {"Message": "Customer 'not-found' was not found."})


@pytest.mark.parametrize("missing", ["message", "null"])
def test_document_says_what_is_true_of_the_host(missing: str) -> None:
    client = create_app(missing=missing).test_client()

    pages = [client.get(f"/__mock/openapi.{kind}").get_data(as_text=True) for kind in ("yaml", "json")]

    contract = load_stub(missing=missing).contract
    document = json.loads(pages[1])
    given = {name: contract.document[name] for name in ("info", "servers")}
    assert document | given == contract.document
    assert pages[0].startswith("openapi: 3.1.0\ninfo:\n")
    assert parse_document(pages[0], "").to_json() == document


def test_document_that_is_written_anew_reads_as_the_same_contract(tmp_path: Path) -> None:
    stub = load_stub(missing="message", refuse_unacceptable=True)
    file = tmp_path / "openapi.yaml"
    file.write_text(write_document(stub.contract.document), encoding="utf-8")

    reread = load_contract(file)

    assert reread.document == stub.contract.document


def test_error_detail_tells_what_a_local_caller_sees() -> None:
    client = create_app(error_detail=True, model_state="checked").test_client()

    told = [json.loads(client.get(target).data) for target in ("/Nope", "/Customers/1?idType=99999999999")]

    assert told[0]["MessageDetail"] == "No route data was found for this request."
    failed = "The parameter conversion from type 'System.String' to type 'System.Int32' failed."
    assert told[1]["ModelState"]["idType"] == [f"{failed} See the inner exception for more information."]


def test_error_detail_names_the_argument_that_cannot_be_null() -> None:
    _, body = ask("/API/Customers/1?idType=", error_detail=True)

    assert body == {
        **INVALID,
        "MessageDetail": "The parameters dictionary contains a null entry for parameter 'idType' of non-nullable type "
        "'System.Int32' for method 'System.Web.Http.IHttpActionResult Get(System.String, Int32, System.String)' in "
        "'Stub.CustomersController'. An optional parameter must be a reference type, a nullable type, or be declared "
        "as an optional parameter.",
    }


def test_error_detail_tells_of_the_exception_of_an_answer(write: Write) -> None:
    folder = write(
        "a.yaml",
        """
        answers:
          - name: crash
            operation: getCustomer
            when: {id: crash}
            reply: {status: 500, exception: {type: A.B, message: m, stack-trace: s, inner: {type: C, message: d}}}
        """,
    )

    _, told = ask("/Customers/crash", fixtures=folder, error_detail=True)
    _, plain = ask("/Customers/crash", fixtures=folder)
    _, shipped = ask("/Customers/server-error", error_detail=True)

    assert isinstance(told, dict)
    assert isinstance(shipped, dict)
    assert plain == {"Message": "An error has occurred."}
    assert list(told) == ["Message", "ExceptionMessage", "ExceptionType", "StackTrace", "InnerException"]
    assert (told["ExceptionMessage"], told["StackTrace"], told["InnerException"]["ExceptionType"]) == ("m", "s", "C")
    assert (shipped["ExceptionType"], shipped["ExceptionMessage"]) == ("System.Exception", "server-error")


@pytest.mark.parametrize(
    ("target", "accept", "status"),
    [
        ("/Customers/42", "application/xml", 406),
        ("/Customers/42", "*/*;q=0", 406),
        ("/Customers/42", "text/json", 200),
        ("/Customers/42", "malformed", 200),
        ("/Customers/42?idType=", "application/xml", 406),
        ("/Nope", "application/xml", 406),
        ("/Customers/not-found", "application/xml", 404),
        ("/Customers/server-error", "application/xml", 406),
    ],
)
def test_unacceptable_is_refused_where_the_host_refuses_it(target: str, accept: str, status: int) -> None:
    assert ask(target, {"Accept": accept}, refuse_unacceptable=True)[0] == status


def test_nobody_with_a_message_is_refused_too_where_nothing_suits() -> None:
    status, _ = ask("/Customers/a", {"Accept": "a/b"}, refuse_unacceptable=True, missing="message", source="fixtures")

    assert status == 406


def test_utf16_is_written_with_its_mark_and_checked() -> None:
    response = create_app().test_client().get("/Customers/100200303", headers={"Accept-Charset": "utf-16"})

    assert response.content_type == "application/json; charset=utf-16"
    assert response.data.startswith(b"\xff\xfe{\x00")
    assert json.loads(response.data.decode("utf-16"))["FirstName"] == "נועה"


def test_host_headers_can_be_left_out() -> None:
    names = [
        {name for name, _ in create_app(host_headers=on).test_client().get("/Customers/42").headers}
        for on in (True, False)
    ]

    assert names[0] - names[1] == {"Cache-Control", "Pragma", "Expires"}


@pytest.mark.parametrize(("setting", "value"), [("model_state", "Checked"), ("missing", "nul")])
def test_setting_that_does_not_exist_suggests_the_nearest(setting: str, value: str) -> None:
    settings: dict[str, Any] = {setting: value}

    with pytest.raises(StartError) as caught:
        load_stub(**settings)

    nearest = {"Checked": "checked", "nul": "null"}[value]
    assert str(caught.value) == f"{setting} is {value!r}; did you mean {nearest!r}?"


def test_content_type_of_a_fixture_says_how_its_body_is_written(write: Write) -> None:
    folder = write(
        "a.yaml",
        """
        answers:
          - name: typed
            operation: getCustomer
            reply: {headers: {Content-Type: "text/json; charset=utf-8"}}
        """,
    )
    client = create_app(fixtures=folder).test_client()

    answers = [client.get("/Customers/42", headers={"Accept-Charset": name}) for name in ("utf-16", "utf-8")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
