"""Reads of a connection with limits of time."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from mockserver.provider.paced_connection import PacedConnection


def test_each_read_has_its_own_limit() -> None:
    limits = iter((5.0, 0.01))
    here, there = socket.socketpair()
    with closing(here), closing(there), PacedConnection(here, lambda: next(limits)) as connection:
        there.sendall(b"ab")

        assert connection.makefile("rb").peek() == b"ab"
        assert here.gettimeout() == 5.0
        with pytest.raises(TimeoutError):
            connection.read(1)
        assert here.gettimeout() == 0.01
