"""The WSGI server and its connections."""
