"""`mockserver explain`: why a request gets the answer that it gets."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.terminal import show_line
from mockserver.documents.problems import StartError
from mockserver.insight.explanation import write_explanation
from mockserver.stub.inputs import require_contract
from mockserver.stub.settings import Settings
from mockserver.testing.management import Management
from mockserver.testing.transports import HttpTransport
from mockserver.web.app import create_app


@click.command(cls=Command)
@click.argument("request")
@click.option("-H", "--header", multiple=True, metavar="'NAME: VALUE'", help="Header of the request; repeatable.")
@click.option("--url", help="Running stub to ask, as it has printed its URL; by default one of these settings.")
@click.option("--session", help="Session of the running stub that the request is in.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@add_options(fields(Settings))
def explain(
    request: str, header: tuple[str, ...], url: str | None, session: str | None, as_json: bool, **given: object
) -> None:
    """Explain step by step why a REQUEST gets its answer.

    REQUEST is, for instance, 'GET /API/things/42'. Explaining it counts no call.
    """
    values = select(fields(Settings), given)
    method, _, target = request.strip().rpartition(" ")
    query = [("method", method.strip() or "GET"), ("target", target), *(("header", each) for each in header)]
    if session is not None:
        query.append(("session", session))
    text = _ask_running(url, values, query) if url is not None else _ask_own(values, query)
    if as_json:
        show_line(text)
        return
    for line in write_explanation(json.loads(text)):
        show_line(line)


def _ask_running(url: str, values: dict[str, Any], query: list[tuple[str, str]]) -> str:
    transport = HttpTransport(url)
    return Management(transport, values["prefix"], values["admin_token"]).get("explain", query)


def _ask_own(values: dict[str, Any], query: list[tuple[str, str]]) -> str:
    """Ask a stub of these settings, which only lives for this question."""
    settings = Settings(**values)
    require_contract(settings.contract)
    with without_collection():
        app = create_app(**{**values, "admin_token": None})
    response = app.test_client().get(f"{settings.pages}/explain", query_string=urlencode(query))
    if response.status_code != 200:
        raise StartError(response.get_json()["Message"])
    return response.get_data(as_text=True)
