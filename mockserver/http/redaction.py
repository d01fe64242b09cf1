"""Redaction: secrets that callers send are replaced by digests before anybody stores or shows them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Final, TypeVar
from urllib.parse import unquote, unquote_plus

from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.documents.numbers import read_decimal, read_integer
from mockserver.http.headers import Headers, read_content_type
from mockserver.http.messages import Reply
from mockserver.http.secret_names import SecretNames

_WORD: Final = "redacted"

_FORM: Final = "application/x-www-form-urlencoded"

_Value = TypeVar("_Value")


class Redactor:
    """Replaces secrets by digests. Equal secrets have equal digests, so a known secret can be compared.

    Args:
        key: The key of the digests. Without it nobody can try which secret has a digest. None for the word `redacted`
            in place of digests, where nobody compares them.
        names: Names, in any case, of further headers, parameters and members whose values are secrets.
    """

    def __init__(self, key: bytes | None, names: Iterable[str] = ()) -> None:
        self._key = key
        self._names = SecretNames(names)
        self.is_secret = self._names.is_secret

    def digest(self, secret: str) -> str:
        """Return the text that stands for a secret; it needs no escape in a header, a target or JSON."""
        if self._key is None:
            return _WORD
        data = secret.encode(errors="surrogatepass")
        return f"{_WORD}-{blake2b(data, key=self._key, digest_size=8).hexdigest()}"

    def redact_headers(self, headers: Headers) -> Headers:
        """Return the headers without secrets; the same object if they had none."""
        is_secret = self.is_secret
        for name, _ in headers:
            if is_secret(name):
                return tuple((name, self.digest(value) if is_secret(name) else value) for name, value in headers)
        return headers

    def redact_value(self, name: str, value: _Value) -> _Value | str:
        """Return the value of a parameter or a member, or the digest of its text if it is a secret; blank stays."""
        if value in (None, "") or not self.is_secret(name):
            return value
        return self.digest(value if isinstance(value, str) else write_json(value))

    def redact_target(self, target: str, in_path: Collection[str] = ()) -> str:
        """Return a raw target without the secrets of its query, and without those that are known to be `in_path`."""
        path, mark, query = target.partition("?")
        if in_path:
            parts = ((each, unquote(each)) for each in path.split("/"))
            path = "/".join(self.digest(text) if text in in_path else part for part, text in parts)
        return f"{path}?{self._redact_form(query)}" if mark else path

    def redact_body(self, body: bytes, content_type: str) -> bytes:
        """Return a body without the secrets of JSON members and form fields.

        JSON that has a secret is written anew. What cannot be read is replaced as a whole if it may have a secret.
        """
        media_type, charset = read_content_type(content_type)
        is_form = media_type == _FORM
        if not is_form and not media_type.endswith("json"):
            return body
        try:
            text = body.decode(charset)
            if is_form:
                return self._redact_form(text).encode(charset)
            return self._redact_json(text).encode(charset)
        except (LookupError, RecursionError, ValueError):
            text = body.decode("latin-1")
            return self.digest(text).encode() if self._names.may_be_in(text) else body

    def redact_reply(self, reply: Reply) -> Reply:
        """Return a reply without secrets."""
        body = self.redact_body(reply.body, reply.header("Content-Type") or "")
        return Reply(reply.status, self.redact_headers(reply.headers), body)

    def redact_json(self, value: Json) -> Json:
        """Return a JSON value without the secrets of its members."""
        if isinstance(value, dict):
            return {name: self.redact_json(self.redact_value(name, each)) for name, each in value.items()}
        return list(map(self.redact_json, value)) if isinstance(value, list) else value

    def _redact_form(self, form: str) -> str:
        """Return a query or a form without secrets."""
        return "&".join(map(self._redact_pair, form.split("&")))

    def _redact_pair(self, pair: str) -> str:
        name, mark, value = pair.partition("=")
        is_secret = self.is_secret(unquote_plus(name) if "%" in name or "+" in name else name)
        return f"{name}={self.digest(unquote_plus(value))}" if mark and is_secret else pair

    def _redact_json(self, text: str) -> str:
        """Return JSON text without secrets; the same text if it has none.

        Raises:
            ValueError: It is not JSON.
            RecursionError: It is nested too deep.
        """
        found: list[str] = []

        def redact(pairs: list[tuple[str, object]]) -> dict[str, object]:
            found.extend(name for name, _ in pairs if self.is_secret(name))
            return {name: self.redact_value(name, value) for name, value in pairs}

        value = json.loads(text, object_pairs_hook=redact, parse_float=read_decimal, parse_int=read_integer)
        return write_json(value) if found else text
