"""A stub that runs in this process: its application, and a server in a thread if a port is wanted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from mockserver.stub.current import Current
from mockserver.web.app import create_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from mockserver.server.endpoint import Recall


class RunningStub:
    """An application of a stub, and its server once a URL is asked for.

    Args:
        settings: The arguments of `create_app`.
        limits: How much the server takes at once.

    Raises:
        StartError: A setting, the contract or a fixture is wrong.
    """

    def __init__(self, settings: dict[str, Any], limits: Limits | None = None) -> None:
        app = create_app(**settings)
        self.app: WSGIApplication = app
        self.current: Current = app.extensions["mockserver"]
        stub = self.current.served.stub
        self.root = stub.roots[0]
        self.prefix = stub.prefix
        self.token = stub.settings.admin_token
        # An observer may wait, so a thread calls it, as for all other answers: never the loop of the server.
        self._recall: Recall | None = None if settings.get("observe") else app.extensions.get("mockserver.recall")
        self._limits = limits
        self._cors = stub.settings.cors
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The root URL of the server, which is started now if it does not run yet."""
        if self._server is None:
            self._server = Server(
                self.app,
                limits=self._limits,
                finish_seconds=0,
                cors=self._cors,
                recall=self._recall,
            )
            self._thread = threading.Thread(target=self._server.run, name="mockserver", daemon=True)
            self._thread.start()
        return self._server.url

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
