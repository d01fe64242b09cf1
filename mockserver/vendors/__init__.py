"""How server stacks behave."""
