"""What the host adds to every answer, as the framework's IIS adapter was recorded to do it."""

import pytest

from mockserver import create_app
from mockserver.vendors.aspnet.hosting import HOST_HEADERS
from tests.vendors.aspnet.replaying import RECORDED

APP = create_app(fixtures=RECORDED, source="fixtures", base_path="/", model_state="ignored")

# Each was answered with Cache.SetCacheability(NoCache), which is these three headers on the wire.
NO_CACHE = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "-1"}


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        *(("GET", f"/Customers/{each}", 200) for each in ("3", "a%20b", "1/", "1?id=3")),
        *(("GET", "/customers/3?idtype=1", 200), ("HEAD", "/Customers/3", 405), ("POST", "/Customers/1", 405)),
        *(("GET", "/Customers/1?idType=", 400), ("GET", "/Customers/1?&", 400), ("GET", "/Customers/boom", 500)),
        *(("GET", each, 404) for each in ("/Customers/999", "/Customers/%20", "/Nope/1")),
    ],
)
def test_every_answer_has_the_headers_of_the_host(method: str, target: str, status: int) -> None:
    answer = APP.test_client().open(target, method=method)

    assert (answer.status_code, {name: answer.headers[name] for name in NO_CACHE}) == (status, NO_CACHE)


def test_headers_are_those_three() -> None:
    assert dict(HOST_HEADERS) == NO_CACHE
