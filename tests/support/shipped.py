"""What is shipped, as values: the contract, the classes that validate it, and the stack that serves it."""

from pathlib import Path

from mockserver.checks.judging import Schemas
from mockserver.contract.openapi import load_contract
from mockserver.schemas import SHIPPED
from mockserver.vendors.aspnet.stack import AspNet

CONTRACT = load_contract(Path(__file__).parents[2] / "openapi.yaml")
CUSTOMER = CONTRACT.operations[0]
SCHEMAS = Schemas(SHIPPED)
VENDOR = AspNet()
