"""The answer to one request, by the application or by the server itself: waitress' tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress.task import ErrorTask, Task, WSGITask

from mockserver.http.effects import CUT_KEY, WAIT_KEY, Cut, Wait
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class _Sending(Task):
    """Writes the head, and tells the channel how long the answer is, so that a cut can send half of it."""

    channel: Any
    response_headers: Any

    def build_response_header(self) -> bytes:
        """Return the head in the order of waitress, with the names of headers as they were written.

        Waitress writes them anew, and takes whoever sends `Server` for another server, which it adds to `Via`.
        """
        written = [name for name, _ in self.response_headers if self.has_body or name.lower() != "content-length"]
        super().build_response_header()
        added = ["" if name == "Via" else name for name, _ in self.response_headers[len(written) :]]
        rows = sorted(zip(self.response_headers, (*written, *added), strict=True), key=lambda row: row[0][0])
        lines = [f"{name}: {value}" for (_, value), name in rows if name]
        head = "\r\n".join((f"HTTP/{self.version} {self.status}", *lines, "", "")).encode("latin-1")
        self.channel.expect(len(head), self.content_length or 0)
        return head


class Answering(_Sending, WSGITask):
    """Lets the application answer."""

    request: Any

    def get_environment(self) -> WSGIEnvironment:
        """Return the WSGI environment, the lines of repeated headers, and ways to wait and to cut the connection."""
        environ = super().get_environment()
        if self.request.command != "HEAD":  # In any case HEAD stays HEAD, by which Flask leaves out the body.
            environ["REQUEST_METHOD"] = self.request.method
        if not self.request.headers.get("HOST"):
            environ["SERVER_NAME"] = self.channel.address
        environ[HEADER_LINES] = self.request.header_lines
        environ[HEADER_FIELDS] = self.request.fields
        cut: Cut = self._cut
        environ[CUT_KEY] = cut
        wait: Wait = self.channel.wait
        environ[WAIT_KEY] = wait
        # Waitress sends a file that is wrapped with this as a whole, so that no half could be cut off.
        environ.pop("wsgi.file_wrapper", None)
        return environ

    def _cut(self, fault: str) -> None:
        self.channel.cut(fault)
        # Not by waitress' method, which adds `Connection: close`: the head is to be the same as without the cut.
        self.close_on_finish = True


class Refusing(_Sending, ErrorTask):
    """Answers a request that the application does not see with JSON, and closes the connection."""

    request: Any

    def execute(self) -> None:
        """Send the error."""
        reply = self.channel.refuser.refuse(self.request, self.channel.addr[0], self.start_time)
        reason = self.request.error.reason if reply.status == self.request.error.code else "No Content"
        self.status = f"{reply.status} {reason}"
        self.response_headers += reply.headers
        self.request.headers = {}  # Waitress would also answer the `Connection: keep-alive` of an HTTP/1.0 client.
        self.set_close_on_finish()
        self.content_length = len(reply.body)
        self.channel.will_linger = True
        self.write(reply.body)
