"""From a request to a plan: what is answered, and why."""
