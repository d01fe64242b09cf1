"""The check of a whole reply: its bytes and headers against what the contract declares for the status."""

from __future__ import annotations

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.contract.contract import ResponseSpec
from mockserver.documents.wording import show
from mockserver.http.bodies import CHARSETS
from mockserver.http.headers import read_content_type
from mockserver.http.messages import Reply


def find_reply_breaches(spec: ResponseSpec | None, reply: Reply, schemas: Schemas) -> tuple[Breach, ...]:
    """Return the breaches of a reply's headers and bytes; without a `spec` there are none."""
    required = spec.required_headers if spec is not None else ()
    missing = [name for name in required if reply.header(name) is None]
    headers = [Breach(name, "the contract requires this header", None) for name in missing]
    return (*headers, *find_body_breaches(spec, reply, schemas))


def find_body_breaches(spec: ResponseSpec | None, reply: Reply, schemas: Schemas) -> tuple[Breach, ...]:
    """Return the breaches of a reply's bytes and their Content-Type; without a `spec` there are none."""
    if spec is None or not (spec.media_types or reply.body):
        return ()
    if not spec.media_types:
        shown = show(reply.body.decode(errors="replace"))
        return (Breach("", f"the contract has no content for {spec.status}", shown),)
    if not reply.body:
        return (Breach("", f"the contract has content for {spec.status}", None),)
    return _find_content_breaches(spec, reply, schemas)


def _find_content_breaches(spec: ResponseSpec, reply: Reply, schemas: Schemas) -> tuple[Breach, ...]:
    values = [value for name, value in reply.headers if name.lower() == "content-type"]
    if len(values) > 1:
        return (Breach("Content-Type", "the contract allows it once", "given twice"),)
    content_type = values[0] if values else ""
    media_type, charset = read_content_type(content_type)
    if media_type not in spec.media_types:
        allowed = " and ".join(spec.media_types)
        return (Breach("Content-Type", f"the contract allows {allowed}", show(content_type) if values else None),)
    if charset not in ("utf8", *CHARSETS):
        wanted = " or ".join(f"charset={each}" for each in CHARSETS)
        return (Breach("Content-Type", f"the contract wants {wanted}", show(content_type)),)
    # A byte that is not UTF-8 becomes a lone surrogate, which the check refuses.
    text = reply.body.decode(charset, errors="surrogateescape" if charset != "utf-16" else "replace")
    if spec.component is None or (spec.is_nullable and text == "null"):
        return ()
    return schemas.find_body_breaches(spec.component, text)
