"""Addresses of the stub: a blueprint for some of them, for callers that may use them, with their errors as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from flask import Blueprint, Response

from mockserver.documents.problems import DocumentError
from mockserver.insight.filters import FilterError
from mockserver.stub.settings import Settings
from mockserver.web.admin.guard import refuse_strangers
from mockserver.web.responses import answer_wrong_query, make_json

Address = tuple[str, str, Callable[..., Response]]
"""A method, a path below the prefix, and the view."""


def make_addresses(name: str, settings: Settings, addresses: Iterable[Address], told: str = "") -> Blueprint:
    """Return a blueprint of this name; the settings say who may use it. What is `told` stands before problems."""
    blueprint = Blueprint(name, __name__)
    for method, path, view in addresses:
        blueprint.add_url_rule(path, view.__name__, view, methods=[method])
    blueprint.before_request(partial(refuse_strangers, settings))
    blueprint.register_error_handler(FilterError, answer_wrong_query)
    blueprint.register_error_handler(DocumentError, partial(_answer_problems, told))
    return blueprint


def _answer_problems(told: str, error: DocumentError) -> Response:
    lines = error.lines
    return make_json({"Message": f"{told}{lines[0]}", "Problems": lines}, 400)
