"""For tests of whoever calls the API: a stub with a session for each test, and the pytest plugin."""
