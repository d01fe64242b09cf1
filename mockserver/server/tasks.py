"""The answering of one request, or the refusal of it: waitress' tasks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from waitress.task import ErrorTask, Task, WSGITask

from mockserver.documents.json_text import write_json
from mockserver.http.effects import CUT_KEY, Cut
from mockserver.vendors.aspnet.errors import describe_error

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


REFUSALS: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "The request is malformed: {finding}.",
        413: "The body is longer than {limits.max_body} bytes. Send less, or raise --max-body.",
        414: "The target is longer than {limits.max_target} bytes. Send less, or raise --max-target.",
        431: "The headers are longer than {limits.max_headers} bytes. Send less, or raise --max-headers.",
        500: str(describe_error()["Message"]),
        501: "The transfer coding is unknown. Send the body chunked, or with its length.",
    }
)
"""What is said of a request that no application sees, by the status."""


class _Sending(Task):
    """Tells the channel how long its answer will be: a cut may send half of it."""

    channel: Any

    def build_response_header(self) -> bytes:
        head = super().build_response_header()
        self.channel.expect(len(head), self.content_length or 0)
        return head


class Answering(_Sending, WSGITask):
    """Has the application answer, with the method as it was sent; but for HEAD, which decides about the body."""

    request: Any

    def get_environment(self) -> WSGIEnvironment:
        """Return the WSGI environment, with a way to cut the connection."""
        environ = super().get_environment()
        if self.request.command != "HEAD":
            environ["REQUEST_METHOD"] = self.request.method
        cut: Cut = self._cut
        environ[CUT_KEY] = cut
        # Waitress sends a file that is wrapped with this as a whole, which leaves no half to cut off.
        environ.pop("wsgi.file_wrapper", None)
        return environ

    def _cut(self, name: str) -> None:
        self.channel.cut(name)
        # Not waitress' setter: the head is to say the same as without the cut.
        self.close_on_finish = True


class Refusing(_Sending, ErrorTask):
    """Answers a request that no application sees, as JSON like every other error, and closes the connection."""

    request: Any
    response_headers: Any

    def execute(self) -> None:
        """Send the refusal."""
        error = self.request.error
        # What waitress quotes of the request is left out.
        finding = error.body.partition(' "')[0]
        text = REFUSALS[error.code].format(limits=self.request.limits, finding=finding)
        body = write_json({"Message": text}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/json; charset=utf-8"), ("X-Mock-Source", "server")]
        self.request.headers = {}  # An HTTP/1.0 client that asks to keep the connection would be told both.
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.is_to_linger = True
        self.write(body)
