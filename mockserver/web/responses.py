"""Flask responses: of a planned reply, and of the stub's own JSON."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from flask import Response

from mockserver.documents.json_text import write_json
from mockserver.http.messages import Reply

_REASONS: Final = MappingProxyType(
    {each.value: each.phrase for each in HTTPStatus}
    | {
        # Python 3.13 has other words for these; they are to be the same everywhere.
        413: "Request Entity Too Large",
        414: "Request-URI Too Long",
        416: "Requested Range Not Satisfiable",
        422: "Unprocessable Entity",
    }
)


class BareResponse(Response):
    """A response that has a Content-Type only if one is given; Flask would add its default."""

    default_mimetype = None


def make_response(reply: Reply) -> Response:
    """Return the response of a reply."""
    return BareResponse(reply.body, status=_write_status(reply.status), headers=list(reply.headers))


def _write_status(status: int) -> str:
    """Return the status with its reason in the framework's case; Werkzeug writes capitals."""
    return f"{int(status)} {_REASONS.get(status, 'Unknown')}"


def make_json(value: object, status: int = 200) -> Response:
    """Return a JSON response; the members keep their order."""
    return make_response(Reply(status, (("Content-Type", "application/json"),), write_json(value).encode()))


def make_error(status: int, message: str) -> Response:
    """Return an error for a caller of the stub's own addresses."""
    return make_json({"Message": message}, status)


def answer_wrong_query(error: ValueError) -> Response:
    """Return the 400 for a query that cannot be read; the error says why."""
    return make_error(400, str(error))


def make_empty() -> Response:
    """Return a 204, without content and so without a Content-Type."""
    return BareResponse(status=_write_status(204))
