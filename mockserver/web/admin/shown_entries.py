"""Entries of the journal as JSON: for programs, and as an HTTP archive (HAR 1.2) that browsers open."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from mockserver.http.bodies import read_text
from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange, Reply
from mockserver.http.redaction import Redactor
from mockserver.http.sources import MATCHES, Source
from mockserver.state.journal import LONGEST_BODY, Entry
from mockserver.version import __version__

_Shown = dict[str, object]


def show_entry(entry: Entry, redactor: Redactor) -> _Shown:
    """Return an entry as JSON; bodies that are not text are in base64."""
    exchange = entry.exchange
    request, reply = exchange.request, redactor.redact_reply(exchange.reply)
    return {
        "number": entry.number,
        "at": _show_time(exchange.at),
        "seconds": round(exchange.seconds, 6),
        "session": exchange.session,
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        **_show_body("body", request.body, _find(request.headers, "content-type"), exchange.size),
        "operation": exchange.operation,
        "arguments": exchange.arguments,
        "source": _show_source(exchange.source),
        "matched": exchange.source.kind in MATCHES,
        "hints": exchange.hints,
        "near_misses": [each.show() for each in exchange.near_misses],
        "fault": exchange.fault,
        "status": reply.status,
        "response_headers": reply.headers,
        **_show_body("response_body", reply.body, reply.header("Content-Type") or "", exchange.reply_size),
    }


def make_har(entries: Sequence[Entry], redactor: Redactor) -> _Shown:
    """Return the entries as an HTTP archive."""
    creator = {"name": "mockserver", "version": __version__}
    archived = [_archive(each.exchange, redactor) for each in entries]
    return {"log": {"version": "1.2", "creator": creator, "entries": archived}}


def _show_source(source: Source) -> _Shown:
    shown: _Shown = {"kind": source.kind, "name": source.name, "place": source.place}
    return {**shown, "added": list(map(_show_source, source.added))} if source.added else shown


def _show_body(key: str, body: bytes, content_type: str, size: int) -> _Shown:
    """Return a body under its key: its text, null if it is empty; under another key in base64 if it is no text.

    `size` is that of the whole body, of which the journal may have the first part.
    """
    is_cut = size > LONGEST_BODY
    text = read_text(body, content_type, is_cut=is_cut)
    shown = {key: text if body else None} if text is not None else {f"{key}_base64": b64encode(body).decode()}
    return {**shown, f"{key}_size": size, f"{key}_cut": is_cut}


def _archive(exchange: Exchange, redactor: Redactor) -> _Shown:
    request, reply = exchange.request, redactor.redact_reply(exchange.reply)
    milliseconds = round(exchange.seconds * 1000, 3)
    told = {"hints": exchange.hints, "near_misses": [each.show() for each in exchange.near_misses]}
    sent_type = _find(request.headers, "content-type")
    written = read_text(request.body, sent_type, is_cut=exchange.size > LONGEST_BODY) or request.body.decode("latin-1")
    sent: Mapping[str, object] = {
        "postData": {"mimeType": sent_type, "text": written, **_mark_cut(exchange.size)},
    }
    return {
        "startedDateTime": _show_time(exchange.at),
        "time": milliseconds,
        "request": {
            "method": request.method,
            "url": f"{request.scheme}://{request.host}{request.target}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _name_pairs(request.headers),
            "queryString": _name_pairs(parse_qsl(request.target.partition("?")[2], keep_blank_values=True)),
            "headersSize": -1,
            "bodySize": exchange.size,
            **(sent if request.body else {}),
        },
        "response": {
            "status": reply.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _name_pairs(reply.headers),
            "content": _archive_content(reply, exchange.reply_size),
            "redirectURL": reply.header("Location") or "",
            "headersSize": -1,
            "bodySize": exchange.reply_size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": str(exchange.source),
        # An archive may have members of its own, whose names begin with an underscore.
        **{f"_{name}": values for name, values in told.items() if values},
    }


def _archive_content(reply: Reply, size: int) -> _Shown:
    media_type = reply.header("Content-Type") or ""
    content: _Shown = {"size": size, "mimeType": media_type, **_mark_cut(size)}
    text = read_text(reply.body, media_type, is_cut=size > LONGEST_BODY)
    if text is None:
        return {**content, "text": b64encode(reply.body).decode(), "encoding": "base64"}
    return {**content, "text": text}


def _mark_cut(size: int) -> _Shown:
    """Return the comment of a body of which the journal has only the first part."""
    return {"comment": f"The first {LONGEST_BODY:,} of {size:,} bytes."} if size > LONGEST_BODY else {}


def _name_pairs(pairs: Sequence[tuple[str, str]]) -> list[_Shown]:
    return [{"name": name, "value": value} for name, value in pairs]


def _find(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _show_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
