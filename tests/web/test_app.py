"""Flask in, Flask out: what is read of a WSGI environment, what is sent, and what nobody planned for."""

import inspect
import io
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from wsgiref.handlers import SimpleHandler

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import validates_schema
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from mockserver.http.messages import Exchange, Reply
from mockserver.schemas import CustomerSchema
from mockserver.stub.loading import Stub, load_stub
from mockserver.web.app import create_app, make_response

Write = Callable[[str, str], Path]

SERVER = {
    "REQUEST_METHOD": "GET",
    "wsgi.url_scheme": "http",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8080",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost:8080",
    "SCRIPT_NAME": "",
}


@pytest.mark.parametrize("script_name", ["", "/stub"])
def test_server_that_gives_only_the_decoded_path_is_served(script_name: str) -> None:
    environ = {**SERVER, "SCRIPT_NAME": script_name, "PATH_INFO": "/API/Customers/a b", "QUERY_STRING": "idType=3"}
    sent = io.BytesIO()

    handler = SimpleHandler(io.BytesIO(), sent, io.StringIO(), environ, multithread=False, multiprocess=False)
    handler.run(create_app())

    body = json.loads(sent.getvalue().rpartition(b"\r\n\r\n")[2])
    assert (body["PersonalId"], body["PersonalIdTypeId"]) == ("a b", 3)


def test_application_may_be_mounted_below_a_path(client: FlaskClient) -> None:
    mounted = Client(DispatcherMiddleware(Flask("other"), {"/stub": create_app()}))

    responses = [mounted.get(f"/stub{target}") for target in ("/API/Customers/a%20b?idType=3", "/__mock/health")]

    assert [response.status_code for response in responses] == [200, 200]
    assert responses[0].data == client.get("/API/Customers/a%20b?idType=3").data


@pytest.mark.parametrize(
    ("path", "query"),
    [("/Customers/דנה", "idTypeExtRef=ש"), ("/Customers/%D7%93%D7%A0%D7%94", {"idTypeExtRef": "ש"})],
)
def test_client_of_werkzeug_may_give_text_and_a_query_apart(
    client: FlaskClient, path: str, query: str | Mapping[str, str]
) -> None:
    body = json.loads(client.get(path, query_string=query).data)

    assert (body["PersonalId"], body["PersonalIdTypeExtRef"]) == ("דנה", "ש")


# Writing responses


def test_reply_is_sent_as_it_is() -> None:
    headers = (("X-A", "1"), ("X-A", "2"), ("content-type", "text/x; y=z"), ("Set-Cookie", "a=b"), ("X-Ü", "ÿ"))

    response = make_response(Reply(418, headers, b"\xff\x00"))

    expected = [*headers, ("Content-Length", "2")]
    assert (response.status_code, response.headers.to_wsgi_list(), response.data) == (418, expected, b"\xff\x00")


@pytest.mark.parametrize("status", [200, 404, 503])
def test_reply_without_content_has_no_content_type(status: int) -> None:
    response = make_response(Reply(status))

    assert (response.status_code, response.headers.to_wsgi_list()) == (status, [("Content-Length", "0")])


@pytest.mark.parametrize("accept", ["application/json", "text/json", "image/png"])
def test_customer_that_is_not_found_is_an_empty_answer(client: FlaskClient, accept: str) -> None:
    response = client.get("/Customers/not-found", headers={"Accept": accept})

    assert response.data == b""
    assert response.headers.to_wsgi_list() == [
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
        ("Expires", "-1"),
        ("X-Mock-Source", "answer not-found fixtures/answers.yaml:4"),
        ("Content-Length", "0"),
    ]


@pytest.mark.parametrize("authorization", ["Bearer x", "Basic Og==", "Digest", "", "נו"])
@pytest.mark.parametrize("target", ["/Customers/100200300", "/Customers/5", "/Customers/5?idType=x", "/nowhere"])
def test_authorization_is_accepted_and_ignored(client: FlaskClient, target: str, authorization: str) -> None:
    response = client.get(target, environ_overrides={"HTTP_AUTHORIZATION": authorization})

    plain = client.get(target)
    assert (response.status, response.data) == (plain.status, plain.data)
    assert response.headers.to_wsgi_list() == plain.headers.to_wsgi_list()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"])
def test_any_other_method_is_405(client: FlaskClient, method: str) -> None:
    response = client.open("/API/Customers/1", method=method, data=b"ignored")

    body = f"""{{"Message":"The requested resource does not support http method '{method}'."}}""".encode()
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert response.data == (b"" if method == "HEAD" else body)
    assert response.headers["Content-Length"] == str(len(body))


# What an application consists of


def test_application_takes_every_setting_of_a_stub() -> None:
    of_app = inspect.signature(create_app, eval_str=True).parameters
    of_stub = inspect.signature(load_stub, eval_str=True).parameters

    assert {name: each for name, each in of_app.items() if name not in ("cors", "admin_token", "observe")} == dict(
        of_stub
    )


def test_application_carries_its_stub() -> None:
    stub = create_app(seed=3).extensions["mockserver"].served.stub

    assert isinstance(stub, Stub)
    assert stub.settings["seed"] == "3"


def test_two_applications_share_nothing(write: Write) -> None:
    fixtures = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada}]")
    apps = [create_app(fixtures=fixtures, source="fixtures"), create_app(source="fixtures")]

    statuses = [
        [app.test_client().get(f"/Customers/{each}").status_code for each in ("a", "200000000")] for app in apps
    ]

    assert statuses == [[200, 404], [404, 200]]


def test_observer_is_told_of_every_exchange() -> None:
    told: list[tuple[Exchange, float]] = []
    client = create_app(observe=lambda *exchange: told.append(exchange)).test_client()

    bodies = [client.get(target).data for target in ("/Customers/1?x", "/nowhere", "/__mock/health")]

    exchanges = [exchange for exchange, _ in told]
    assert [exchange.request.target for exchange in exchanges] == ["/Customers/1?x", "/nowhere"]
    assert [exchange.reply.body for exchange in exchanges] == bodies[:2]
    assert [exchange.source for exchange in exchanges] == ["generated", "framework"]
    assert all(0 < seconds < 10 for _, seconds in told)


# Breaches and what nobody planned for


class Careless(CustomerSchema):
    """A class with a mistake in it."""

    @validates_schema
    def divide(self, _data: object, *, partial: bool | None, **_: object) -> None:
        if not partial:
            raise ZeroDivisionError("a mistake of the user's")


def test_breach_is_logged_each_time_it_is_answered(write: Write, logged: list[logging.LogRecord]) -> None:
    fixtures = write("a.yaml", "answers: [{name: a, operation: getCustomer, reply: {headers: {Content-Type: a/b}}}]")
    client = create_app(fixtures=fixtures).test_client()

    responses = [client.get("/Customers/1") for _ in range(2)]

    found = "Content-Type is 'a/b', the contract allows application/json and text/json"
    detail = f"getCustomer 200: {found} (generated + answer a files/a.yaml:1)"
    assert [json.loads(response.data)["MessageDetail"] for response in responses] == [detail] * 2
    assert [(record.levelname, record.getMessage()) for record in logged] == [("ERROR", detail)] * 2


@pytest.mark.parametrize("is_tested", [False, True])
def test_exception_is_the_frameworks_error_and_one_line_in_the_log(
    logged: list[logging.LogRecord], is_tested: bool
) -> None:
    app = create_app(schemas={"Customer": Careless})
    app.testing = is_tested

    response = app.test_client().get("/Customers/1?idType=1")

    assert (response.status_code, response.data) == (500, b'{"Message":"An error has occurred."}')
    assert response.headers.to_wsgi_list() == [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
        ("Expires", "-1"),
        ("Content-Length", "36"),
    ]
    assert [record.getMessage() for record in logged] == ["GET /Customers/1?idType=1 could not be answered."]
    assert [record.exc_info and record.exc_info[0] for record in logged] == [ZeroDivisionError]


def test_exception_leaves_other_requests_alone(logged: list[logging.LogRecord]) -> None:
    client = create_app(schemas={"Customer": Careless}).test_client()

    statuses = [client.get(target).status_code for target in ("/Customers/1", "/Customers/not-found", "/Customers/1")]

    assert (statuses, len(logged)) == ([500, 404, 500], 2)
