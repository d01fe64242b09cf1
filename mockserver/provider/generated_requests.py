"""Generated requests: what a fuzzer finds in a provider, within a budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from zlib import crc32

from mockserver.conformance.editions import Edition
from mockserver.conformance.fuzzing import Fuzzer
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.contract.contract import Contract
from mockserver.contract.operations import METHODS
from mockserver.documents.nodes import Json
from mockserver.provider.bridge import Bridge
from mockserver.provider.client import Client

_GROUP: Final = "generated requests"
"""The group of the case that says why they ended, or why none is sent."""


@dataclass(frozen=True, slots=True)
class GeneratedRequests:
    """Sends generated requests to a provider.

    Attributes:
        client: What asks.
        contract: The contract.
        edition: The same with its document.
        methods: The methods that may be sent.
        budget: How many requests may be sent.
        seed: What they are drawn from.
    """

    client: Client
    contract: Contract
    edition: Edition
    methods: Collection[str]
    budget: int
    seed: str

    def send(self) -> Iterator[Case]:
        """Yield a case for each operation and phase of the fuzzer, then one that says why it ended early.

        Raises:
            KeyboardInterrupt: It was interrupted.
        """
        statuses = {status for each in self.contract.operations for status in each.responses}
        bridge = Bridge(self.client, self.methods, statuses, self.budget)
        settings: dict[str, Any] = {"phases": {"coverage": {"unexpected-methods": []}}}
        fuzzer = Fuzzer(self.edition, settings, bridge, crc32(self.seed.encode()))
        # Without a host, as schemathesis would send requests to it past the bridge.
        document = {**_keep_methods(self.contract.document, self.methods), "servers": [{"url": self._path}]}
        try:
            for case in fuzzer.fuzz(document):
                yield replace(case, findings=tuple(map(self._mend_curl, case.findings)))
        except KeyboardInterrupt:
            if not bridge.has_ended:
                raise
            yield Case(_GROUP, "the end", (self._describe_end(bridge),))

    def skip(self, reason: str) -> Case:
        """Return the case that says why none is sent."""
        return Case(_GROUP, "all operations", skipped=reason)

    def _describe_end(self, bridge: Bridge) -> Finding:
        if bridge.reason is not None:
            return Finding(Kind.UNCHECKED, bridge.reason)
        return Finding(Kind.NOTE, f"All {self.budget} generated requests are sent. --max-requests allows more.")

    @property
    def _path(self) -> str:
        return f"{self.client.address.path}/"

    def _mend_curl(self, finding: Finding) -> Finding:
        """Return the finding with the provider and the given headers in its curl line; certificates are verified."""
        line = finding.curl.replace(f"{_LOCAL}{self._path}", f"{self.client.address.url}/", 1)
        line = " ".join((line, *self.client.given.options))
        return replace(finding, curl=line) if finding.curl else finding


_LOCAL: Final = "http://localhost"
"""What schemathesis shows as the host of an application."""


def _keep_methods(document: Mapping[str, Json], methods: Collection[str]) -> dict[str, Json]:
    """Return a document without the operations whose methods must not be sent."""
    paths = document["paths"]
    assert isinstance(paths, dict), "the contract was read from it"
    kept = {path: _keep_operations(item, methods) for path, item in paths.items()}
    return {**document, "paths": kept}


def _keep_operations(item: Json, methods: Collection[str]) -> Json:
    members = item.items() if isinstance(item, dict) else ()
    return {key: value for key, value in members if key not in METHODS or key.upper() in methods}
