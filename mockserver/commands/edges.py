"""`mockserver edges`: lists the edge cases that can be asked for."""

from __future__ import annotations

from dataclasses import fields

import click

from mockserver.commands.options import Command, add_options
from mockserver.commands.terminal import show_line
from mockserver.contract.openapi import load_contract
from mockserver.generation.edges import EDGES, list_edges
from mockserver.stub.inputs import locate_contract, require_contract
from mockserver.stub.settings import Settings


@click.command(cls=Command)
@add_options(each for each in fields(Settings) if each.name == "contract")
def edges(contract: str | None) -> None:
    """List the edge cases of each operation.

    An edge case is an odd but valid record. A request asks for it with `?__edge=NAME`.
    """
    require_contract(contract)
    source = locate_contract(contract)
    loaded = load_contract(source.path, source.name)
    for operation in loaded.operations:
        names = list_edges(loaded.components[operation.component]) if operation.component else ()
        show_line(f"{operation.id}{'' if names else ': none'}")
        for name in names:
            show_line(f"  {name:18} {EDGES[name].about}")
