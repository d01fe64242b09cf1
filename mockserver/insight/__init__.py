"""What happened, and why: what was asked of the stub, held against what somebody expects."""
