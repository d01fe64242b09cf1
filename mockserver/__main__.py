"""`python -m mockserver`."""

from mockserver.commands.main import main

main(prog_name="mockserver")
