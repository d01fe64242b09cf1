"""The servers of HTTP, over waitress or granian, and their connections."""
