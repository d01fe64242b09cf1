"""Asks the stub through the client of openapi-python-client, below the vendor's usual root."""

import json
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from generated_client import Client
from generated_client.api.customers import get_customer
from generated_client.models import Customer


def main() -> None:
    """Expect what the typed clients expect."""
    contract = json.loads(Path("openapi.json").read_text(encoding="utf-8"))
    client = Client(base_url=os.environ["STUB_URL"] + "/API")
    expect_customer(client, contract, "found")
    expect_customer(client, contract, "sparse")
    expect_nobody(client, contract, "missing")


def expect_customer(client: Client, contract: dict[str, Any], example: str) -> None:
    """Ask for the named example; all 16 members must come back as it has them."""
    asked = arguments(contract, example)
    answer = get_customer.sync_detailed(
        asked["id"], client=client, id_type=asked["idType"], id_type_ext_ref=asked["idTypeExtRef"]
    )

    expect_equal(answer.status_code, HTTPStatus.OK)
    expect_equal(type(answer.parsed), Customer)
    expect_equal(answer.parsed.to_dict(), contract["components"]["examples"][example]["value"])


def expect_nobody(client: Client, contract: dict[str, Any], example: str) -> None:
    """Ask for the named example; the 404 must be empty."""
    answer = get_customer.sync_detailed(arguments(contract, example)["id"], client=client)

    expect_equal(answer.status_code, HTTPStatus.NOT_FOUND)
    expect_equal(answer.content, b"")
    expect_equal(answer.parsed, None)


def arguments(contract: dict[str, Any], example: str) -> dict[str, Any]:
    """Parameter name to value, of one named example."""
    parameters = contract["paths"]["/Customers/{id}"]["get"]["parameters"]
    return {each["name"]: each["examples"][example]["value"] for each in parameters if example in each["examples"]}


def expect_equal(found: object, expected: object) -> None:
    """Stop with both values where they differ."""
    if found != expected:
        raise SystemExit(f"found {found!r}, expected {expected!r}")


main()
