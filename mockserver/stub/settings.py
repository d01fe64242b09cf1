"""The settings of a stub: the name, type, default, choices and one line of help of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from os import PathLike
from types import MappingProxyType
from typing import Final

from mockserver.documents.problems import SettingError
from mockserver.documents.wording import end_sentence, suggest_nearest

SERVED: Final = "What is served"
LISTENING: Final = "Where it listens"
_ANSWERING: Final = "How it answers"
_CHANGING: Final = "Who may change it"
_RECORDING: Final = "What it remembers"


def _describe(
    group: str,
    text: str,
    *,
    choices: tuple[str, ...] = (),
    instead: str | None = None,
    metavar: str | None = None,
    is_shown: bool = False,
    is_for_serving: bool = False,
    least: int | None = None,
) -> Mapping[str, object]:
    """Return the metadata of a setting.

    Args:
        group: The heading that the help of a command has it under.
        text: One line of help.
        choices: The values that it may have; any by default.
        instead: What is used if nothing is given, where the default does not say it.
        metavar: The word for its value in the help of a command.
        is_shown: Whether the health check and the page show it; never for a secret.
        is_for_serving: Whether it makes no difference to `mockserver check`.
        least: The least number that it may be.
    """
    return {
        "group": group,
        "help": text,
        "choices": choices,
        "instead": instead,
        "metavar": metavar,
        "is_shown": is_shown,
        "is_for_serving": is_for_serving,
        "least": least,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a stub: arguments of `create_app`, options and `MOCKSERVER_*` variables of the commands.

    Raises:
        SettingError: A value is not one of its choices, not a path, or not a token.
    """

    contract: str | PathLike[str] | None = field(
        default=None, metadata=_describe(SERVED, "OpenAPI document.", instead="the shipped one", metavar="FILE")
    )
    fixtures: str | PathLike[str] | None = field(
        default=None,
        metadata=_describe(
            SERVED, "Folder or file of records and answers.", instead="the shipped ones", metavar="PATH"
        ),
    )
    source: str = field(
        default="auto",
        metadata=_describe(
            SERVED,
            "Where records come from; auto generates those that the fixtures lack.",
            choices=("auto", "fixtures", "generated"),
            is_shown=True,
        ),
    )
    seed: str | int = field(
        default="0",
        metadata=_describe(SERVED, "Seed of generated records: another seed gives other values.", is_shown=True),
    )
    locale: str = field(
        default="en_US", metadata=_describe(SERVED, "Faker locale of generated records.", is_shown=True)
    )
    utc_offset: str = field(
        default="+10:00", metadata=_describe(SERVED, "UTC offset of generated dates.", is_shown=True)
    )
    on_breach: str = field(
        default="refuse",
        metadata=_describe(
            _ANSWERING,
            "Refuse an answer that breaks the contract, or send it with a warning.",
            choices=("refuse", "warn"),
            is_shown=True,
            is_for_serving=True,
        ),
    )
    base_path: str | Sequence[str] = field(
        default=(),
        metadata=_describe(
            LISTENING,
            "Path that the API is served under; several may be given.",
            instead="the contract's servers",
            metavar="PATH",
            is_for_serving=True,
        ),
    )
    prefix: str = field(
        default="/__mock", metadata=_describe(LISTENING, "Path of the stub's own pages.", is_for_serving=True)
    )
    model_state: str = field(
        default="contract",
        metadata=_describe(
            _ANSWERING,
            "Which arguments are a 400: those that the contract rules out, all with an error, or none.",
            choices=("contract", "checked", "ignored"),
            is_shown=True,
        ),
    )
    missing: str = field(
        default="empty",
        metadata=_describe(
            _ANSWERING,
            "Answer for an unknown record: an empty 404, a 404 with a message, or 200 with null.",
            choices=("empty", "message", "null"),
            is_shown=True,
        ),
    )
    error_detail: bool = field(
        default=False,
        metadata=_describe(_ANSWERING, "Show in errors what a caller on the server's own machine sees.", is_shown=True),
    )
    refuse_unacceptable: bool = field(
        default=False,
        metadata=_describe(_ANSWERING, "Answer 406 if no media type suits the Accept header.", is_shown=True),
    )
    strict: bool = field(
        default=False, metadata=_describe(_ANSWERING, "Accept integers in plain decimal only.", is_shown=True)
    )
    host_headers: bool = field(
        default=True, metadata=_describe(_ANSWERING, "Add the headers that a host adds.", is_shown=True)
    )
    cors: bool = field(
        default=True,
        metadata=_describe(
            _ANSWERING, "Let pages of other origins send requests and read answers.", is_for_serving=True
        ),
    )
    cache: bool = field(
        default=True,
        metadata=_describe(
            _ANSWERING, "Send equal requests the same answer again, without making it anew.", is_for_serving=True
        ),
    )
    admin_token: str | None = field(
        default=None,
        repr=False,
        metadata=_describe(
            _CHANGING,
            "Token that callers have to send to change what is served; set it if a proxy stands before the stub.",
            metavar="TEXT",
            is_for_serving=True,
        ),
    )
    admin_local: bool = field(
        default=False,
        metadata=_describe(_CHANGING, "With a token, let callers on the same machine do without.", is_for_serving=True),
    )
    redact: str | Sequence[str] = field(
        default=(),
        metadata=_describe(
            _RECORDING,
            "Name of a header, parameter or member that holds a secret, beside those such as Authorization.",
            instead="those that look like one",
            metavar="NAME",
            is_for_serving=True,
        ),
    )
    journal_entries: int = field(
        default=1000,
        metadata=_describe(_RECORDING, "Requests that the journal holds; 0 for none.", least=0, is_for_serving=True),
    )
    journal_bytes: int = field(
        default=8 * 1024 * 1024,
        metadata=_describe(_RECORDING, "Bytes that the journal takes at most.", least=0, is_for_serving=True),
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            check_choice(each.name, getattr(self, each.name), each.metadata["choices"])
            _check_least(each.name, getattr(self, each.name), each.metadata["least"])
        for path in self._base_paths:
            _check_path("base_path", path, "/API")
        _check_path("prefix", self.prefix, "/__mock")
        if not self.pages:
            raise SettingError("prefix", "'/' is where the API is. Write a path of its own, such as /__mock.")
        if self.admin_token is not None and not re.fullmatch("[!-~]+", self.admin_token):
            raise SettingError("admin_token", "This is blank or not printable ASCII. Choose another token.")

    @property
    def serves_fixtures(self) -> bool:
        """Whether records of the fixtures are served."""
        return self.source != "generated"

    @property
    def generates(self) -> bool:
        """Whether records are generated."""
        return self.source != "fixtures"

    @property
    def refuses_breaches(self) -> bool:
        """Whether an answer that breaks the contract is refused instead of being sent."""
        return self.on_breach == "refuse"

    @property
    def roots(self) -> tuple[str, ...]:
        """The base paths without their last slash, "" being the root; empty for those of the contract."""
        return tuple(dict.fromkeys(path.rstrip("/") for path in self._base_paths))

    @property
    def pages(self) -> str:
        """The path of the stub's own pages, without a last slash."""
        return self.prefix.rstrip("/")

    @property
    def shown(self) -> Mapping[str, str | bool]:
        """The settings that the health check and the page show."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.metadata["is_shown"]}
        return MappingProxyType(values | {"seed": str(self.seed)})

    @property
    def redacted(self) -> tuple[str, ...]:
        """Further names of secrets."""
        return (self.redact,) if isinstance(self.redact, str) else tuple(self.redact)

    @property
    def _base_paths(self) -> tuple[str, ...]:
        return (self.base_path,) if isinstance(self.base_path, str) else tuple(self.base_path)


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not one of the choices, if there are any.

    Raises:
        SettingError: It is not.
    """
    if choices and value not in choices:
        finding = f"{value!r} is not one of {', '.join(choices)}{suggest_nearest(str(value), choices)}"
        raise SettingError(name, end_sentence(finding))


def _check_least(name: str, value: object, least: int | None) -> None:
    if least is not None and not (isinstance(value, int) and value >= least):
        raise SettingError(name, f"{value!r} is no whole number of {least} or more. Write one.")


def _check_path(name: str, path: str, example: str) -> None:
    has_odd_character = any(character in "?#<>{}%\\ " for character in path)
    has_odd_segment = "//" in path or {".", ".."} & set(path.split("/"))
    if not path.startswith("/") or has_odd_character or has_odd_segment:
        raise SettingError(name, f"{path!r} is not a plain path. Write one such as {example}.")
