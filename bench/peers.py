"""Other mock servers that answer the same request, installed from npm into a folder of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.servers import Running, serve_command

FOLDER: Final = Path(".node/peers").resolve()

PACKAGES: Final = (
    "@stoplight/prism-cli@5.16.0",
    "openapi-backend@5.21.2",
    "json-server@0.17.4",
    "wiremock@3.13.2",  # Java's jar in a package of npm.
)

NPM: Final = ("npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
PRISM: Final = ("node", "node_modules/@stoplight/prism-cli/dist/index.js", "mock", "openapi.yaml", "--port", "{port}")
PLAIN_PRISM: Final = (*PRISM, "--verboseLevel", "silent", "--cors", "false")
BACKEND: Final = ("node", "openapi_backend.mjs", "{port}", "openapi.yaml")
JSON_SERVER: Final = ("node", "node_modules/json-server/lib/cli/bin.js", "--quiet", "--port", "{port}", "db.json")
JAR: Final = "node_modules/wiremock/build/wiremock-standalone-3.13.2.jar"
WIREMOCK: Final = ("java", "-jar", JAR, "--port", "{port}", "--root-dir", "wiremock", "--no-request-journal")


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer, the command that starts it in the folder, and where it has the record."""

    name: str
    command: tuple[str, ...]
    target: str = "/Customers/100200300"


PEERS: Final = (
    Peer("Prism 5.16", PRISM),
    Peer("Prism 5.16, no log, no CORS", PLAIN_PRISM),
    Peer("openapi-backend 5.21", BACKEND),
    Peer("json-server 0.17", JSON_SERVER),
    Peer("WireMock 3.13, no journal", WIREMOCK),
)


def require_peers(body: bytes) -> Iterator[Peer]:
    """Install the peers unless they are there, and lay out what they serve; yield those that can run here."""
    if shutil.which("npm") is None:
        raise SystemExit("npm is missing, which installs the peers. Install node 20 or newer.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    installed = FOLDER / "packages"
    if not installed.exists() or installed.read_text(encoding="utf-8") != "\n".join(PACKAGES):
        subprocess.run([*NPM, "--loglevel=error", "--prefix", str(FOLDER), *PACKAGES], check=True)
        installed.write_text("\n".join(PACKAGES), encoding="utf-8")
    shutil.copy("openapi.yaml", FOLDER)
    shutil.copy(Path(__file__).with_name("openapi_backend.mjs"), FOLDER)
    _write(FOLDER / "db.json", {"Customers": [{"id": "100200300", **json.loads(body)}]})
    stub = {"urlPathPattern": "/Customers/100200300", "method": "GET"}
    reply = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body.decode()}
    _write(FOLDER / "wiremock" / "mappings" / "customer.json", {"request": stub, "response": reply})
    for peer in PEERS:
        if shutil.which(peer.command[0]) is None:
            print(f"\n{peer.name} is left out: {peer.command[0]} is missing. Debian has default-jre-headless.")
        else:
            yield peer


def serve_peers(stack: ExitStack, body: bytes, core: int | None) -> Mapping[str, tuple[Running, str]]:
    """Start each peer; return it with its target, by its name."""
    return {
        peer.name: (stack.enter_context(serve_command(peer.command, peer.target, core, FOLDER)), peer.target)
        for peer in require_peers(body)
    }


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
