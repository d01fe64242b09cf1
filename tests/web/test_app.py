"""The application: what it consists of, how it is mounted, and errors that nobody planned."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from unittest.mock import Mock
from wsgiref.handlers import SimpleHandler

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import validates_schema
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from mockserver.http.messages import Exchange
from mockserver.schemas import CustomerSchema
from mockserver.stub.loading import Stub
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.wsgi import make_environ

NO_CACHE = [("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1")]


def test_application_carries_its_stub() -> None:
    stub = create_app(seed=3).extensions["mockserver"].served.stub

    assert isinstance(stub, Stub)
    assert stub.settings.seed == 3


def test_two_applications_share_nothing(write: Write) -> None:
    fixtures = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada}]")
    apps = [create_app(fixtures=fixtures, source="fixtures"), create_app(source="fixtures")]

    targets = ("/Customers/a", "/Customers/200000000")
    assert [[app.test_client().get(each).status_code for each in targets] for app in apps] == [[200, 404], [404, 200]]


@pytest.mark.parametrize("script_name", ["", "/stub"])
def test_server_with_only_the_decoded_path_works(script_name: str) -> None:
    environ = make_environ(SCRIPT_NAME=script_name, PATH_INFO="/API/Customers/a b", QUERY_STRING="idType=3")
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
def test_client_of_werkzeug_may_give_the_query_apart(
    client: FlaskClient, path: str, query: str | Mapping[str, str]
) -> None:
    body = json.loads(client.get(path, query_string=query).data)

    assert (body["PersonalId"], body["PersonalIdTypeExtRef"]) == ("דנה", "ש")


def test_observer_is_told_of_every_exchange() -> None:
    told: list[Exchange] = []
    client = create_app(observe=told.append).test_client()

    bodies = [client.get(target).data for target in ("/Customers/1?x", "/nowhere", "/__mock/health")]

    assert [(each.request.target, each.reply.body, str(each.source)) for each in told] == [
        ("/Customers/1?x", bodies[0], "generated"),
        ("/nowhere", bodies[1], "framework"),
    ]
    assert all(0 < each.seconds < 10 for each in told)


@pytest.mark.parametrize(
    ("method", "target", "is_told"),
    [
        *(("GET", target, True) for target in ("/Customers/1", "/nowhere")),
        ("POST", "/__mock/reset", True),
        *(("GET", f"/__mock/{page}", False) for page in ("", "answers", "health", "openapi.json")),
    ],
)
def test_misspelt_header_is_told_on_every_answer(method: str, target: str, is_told: bool) -> None:
    told: list[Exchange] = []
    client = create_app(observe=told.append).test_client()

    plain, other = (client.open(target, method=method, headers=each) for each in ({}, {"X-Mock-Sesion": "s3cret"}))

    hint = "The stub ignores the request header X-Mock-Sesion; it reads X-Mock-Session."
    assert (other.status, other.data) == (plain.status, plain.data)
    assert other.headers["X-Mock-Hint"] == f"{plain.headers.get('X-Mock-Hint', '')} {hint}".lstrip()
    assert [hint in each.hints for each in told] == ([False, True] if is_told else [])


# Breaches and exceptions


SOURCE = ("X-Mock-Source", "exception")


class Careless(CustomerSchema):
    """A class with a mistake in it, which one customer brings to light."""

    @validates_schema
    def divide(self, data: Mapping[str, object], **_: object) -> None:
        if data["PersonalId"] == "1":
            raise ZeroDivisionError("a mistake of the user's")


ANSWER = """
answers: [{name: a, operation: getCustomer, when: {id: {matches: "[0-9]"}}, reply: {headers: {Content-Type: a/b}}}]
"""


def test_breach_is_logged_each_time(write: Write, logged: list[logging.LogRecord]) -> None:
    fixtures = write("a.yaml", ANSWER)
    client = create_app(fixtures=fixtures).test_client()

    responses = [client.get("/Customers/1") for _ in range(2)]

    found = "Content-Type is 'a/b', the contract allows application/json and text/json"
    detail = f"getCustomer 200: {found} (generated + answer a files/a.yaml:2)"
    assert [json.loads(response.data)["MessageDetail"] for response in responses] == [detail] * 2
    assert [(record.levelname, record.getMessage()) for record in logged] == [("ERROR", detail)] * 2


@pytest.mark.parametrize("host_headers", [True, False])
@pytest.mark.parametrize("is_tested", [True, False])
def test_exception_is_phrased_by_the_vendor_and_logged(
    logged: list[logging.LogRecord], is_tested: bool, host_headers: bool
) -> None:
    app = create_app(schemas={"Customer": Careless}, host_headers=host_headers)
    app.testing = is_tested

    response = app.test_client().get("/Customers/1?idType=1")

    json_type = ("Content-Type", "application/json; charset=utf-8")
    hosted = NO_CACHE if host_headers else []
    assert (response.status, response.data) == ("500 Internal Server Error", b'{"Message":"An error has occurred."}')
    assert response.headers.to_wsgi_list() == [json_type, *hosted, SOURCE, ("Content-Length", "36")]
    assert [record.getMessage() for record in logged] == ["GET /Customers/1?idType=1 could not be answered."]
    assert [record.exc_info and record.exc_info[0] for record in logged] == [ZeroDivisionError]


def test_exception_is_empty_if_vendor_has_no_body(logged: list[logging.LogRecord]) -> None:
    class Silent(AspNet):
        def phrase(self, *_: object) -> None: ...

    app = create_app(schemas={"Customer": Careless})
    current = app.extensions["mockserver"]
    current.served = replace(current.served, stub=replace(current.served.stub, vendor=Silent()))

    response = app.test_client().get("/Customers/1")

    assert (response.status_code, response.data, len(logged)) == (500, b"", 1)
    assert response.headers.to_wsgi_list() == [*NO_CACHE, SOURCE, ("Content-Length", "0")]


def test_exception_is_in_the_journal_without_secrets(logged: list[logging.LogRecord]) -> None:
    client = create_app(schemas={"Customer": Careless}).test_client()

    client.get("/Customers/1?token=s3cret")

    entry = client.get("/__mock/requests").get_json()["requests"][0]
    assert (entry["status"], entry["source"]["kind"], entry["matched"]) == (500, "exception", False)
    assert "s3cret" not in logged[0].getMessage()


@pytest.mark.usefixtures("logged")
def test_exception_of_a_page_is_a_500_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.web.admin.pages.write_yaml", Mock(side_effect=ZeroDivisionError))

    response = create_app().test_client().get("/__mock/openapi.yaml")

    assert (response.status_code, response.data) == (500, b'{"Message":"An error has occurred."}')


def test_exception_leaves_other_requests_alone(logged: list[logging.LogRecord]) -> None:
    client = create_app(schemas={"Customer": Careless}).test_client()

    statuses = [client.get(target).status_code for target in ("/Customers/1", "/Customers/not-found", "/Customers/1")]

    assert (statuses, len(logged)) == ([500, 404, 500], 2)


@pytest.mark.parametrize(
    ("page", "methods"),
    [("health", "GET, HEAD, OPTIONS"), ("answers", "GET, HEAD, OPTIONS, POST"), ("reset", "OPTIONS, POST")],
)
def test_methods_of_a_page_have_one_order(page: str, methods: str) -> None:
    response = create_app().test_client().options(f"/__mock/{page}")

    assert (response.status_code, response.headers["Allow"], response.data) == (200, methods, b"")
