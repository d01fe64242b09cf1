"""What the host around the framework adds: System.Web.Http.WebHost.HttpControllerHandler."""

from typing import Final

HOST_HEADERS: Final = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
"""On every answer: the adapter sets HttpCacheability.NoCache unless an action says otherwise."""
