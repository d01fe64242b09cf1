"""What the container runs, without a container: the server, its health check, and its end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.support.doc_blocks import ROOT
from tests.support.process import ENVIRONMENT, SECONDS, Serve, Serving

LAST_STAGE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
PATH = os.pathsep.join((str(Path(sys.executable).parent), ENVIRONMENT["PATH"]))


def read(instruction: str) -> str:
    """Return what stands behind an instruction, which is there once."""
    (found,) = re.findall(rf"^{instruction} (.+)$", LAST_STAGE, re.MULTILINE)
    return str(found)


def read_words(instruction: str) -> list[str]:
    """Return the words of an instruction in its JSON form, behind its options."""
    return [str(word) for word in json.loads(re.sub(r"^.*?(?=\[)", "", read(instruction)))]


def check_health(serving: Serving, **variables: str) -> subprocess.CompletedProcess[str]:
    port = str(urlsplit(serving.url).port)
    return subprocess.run(
        read_words("HEALTHCHECK"),
        env={**ENVIRONMENT, "PATH": PATH, "MOCKSERVER_PORT": port, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def start(serve: Serve, **variables: str) -> Serving:
    """Start what the container starts; it would listen to all of the network."""
    (command,) = read_words("CMD")
    assert command == "serve"
    return serve(command=tuple(read_words("ENTRYPOINT")), PATH=PATH, **variables)


def test_container_is_healthy_until_it_is_stopped(serve: Serve, tmp_path: Path) -> None:
    serving = start(serve)

    assert check_health(serving).returncode == 0
    assert serving.get("/API/Customers/42")[0] == 200
    assert serving.end()[0] == 0
    assert check_health(serving).returncode == 1
    assert list(tmp_path.iterdir()) == []  # It writes nothing where it starts.


def test_health_is_found_under_another_prefix(serve: Serve) -> None:
    serving = start(serve, MOCKSERVER_PREFIX="/stub")

    assert check_health(serving, MOCKSERVER_PREFIX="/stub").returncode == 0
    assert check_health(serving).returncode == 1


def test_container_has_no_root_and_one_port() -> None:
    assert read("USER") == "10001:10001"
    assert (read("EXPOSE"), "ENV MOCKSERVER_HOST=0.0.0.0\n" in LAST_STAGE) == ("8080", True)


def test_composed_container_may_write_nothing() -> None:
    service = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]["stub"]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert (ROOT / "deploy" / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert all(volume.endswith(":ro") for volume in service["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
