"""The stub's own pages, under a prefix beside the API."""
