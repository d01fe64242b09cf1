"""A certificate for 127.0.0.1 that no system trusts, with its key, for servers in tests."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final

# Both are made for these tests alone.
CERTIFICATE: Final = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARagAwIBAgIBATAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNhIHByb3Zp
ZGVyIGluIHRlc3RzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAe
MRwwGgYDVQQDDBNhIHByb3ZpZGVyIGluIHRlc3RzMFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAESmnQXoZHmkGSt5s2mle+y9Q+l5czEuW/JYMhSKr3mnZi6USgyU9L
l0fZooTR8v6caZ2lUGXydqp3IoQ0LbZ2g6NDMEEwDwYDVR0TAQH/BAUwAwEB/zAP
BgNVHREECDAGhwR/AAABMB0GA1UdDgQWBBRgegY57q9+Vz5Wj+mnnQKr+76ZbTAK
BggqhkjOPQQDAgNIADBFAiEA+MyFKCZDCrRPPSRC2a7iM8Q7LpDxVXcYIKYjmsst
3xkCIC03GaBJQXl4gvF1BHwJ8JAEQU7nJI6whzpj/GA8xMQ8
-----END CERTIFICATE-----
"""

_KEY: Final = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrO0SeZfZLOTUjYoQ
VYjaWpuDuxDYHUMxqrWAmVikQnGhRANCAARKadBehkeaQZK3mzaaV77L1D6XlzMS
5b8lgyFIqveadmLpRKDJT0uXR9mihNHy/pxpnaVQZfJ2qncihDQttnaD
-----END PRIVATE KEY-----
"""


def write_certificate(folder: Path) -> Path:
    """Write the certificate as a client needs it to trust the server."""
    file = folder / "ca.pem"
    file.write_text(CERTIFICATE, encoding="ascii")
    return file


def make_context(folder: Path) -> ssl.SSLContext:
    """Return the context of a server that has the certificate."""
    file = folder / "server.pem"
    file.write_text(CERTIFICATE + _KEY, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
