"""Fixture files: records and answers, read from a folder or a file and held against the contract."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn

from mockserver.answer_reader import AnswerReader
from mockserver.answers import Answer
from mockserver.aspnet.hosting import Host
from mockserver.contract import Contract
from mockserver.documents import DocumentError, DocumentReader, Fault, Node, Place, StartError
from mockserver.parsing import SIZE_LIMIT, load_document
from mockserver.record_reader import RecordReader
from mockserver.records import Record
from mockserver.reply_reader import Folders
from mockserver.schemas import Schemas

SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Fixtures:
    """What the fixture files hold.

    `warnings` are breaches of the contract that are served as they stand. `labels` is what answers call the files, by
    what places call them. `path` is the folder or file, `bodies` are the files that bodies were read from.
    """

    records: tuple[Record, ...] = ()
    answers: tuple[Answer, ...] = ()
    warnings: tuple[Fault, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[Path, ...] = ()
    path: Path = Path()

    @property
    def files(self) -> tuple[str, ...]:
        """The files as answers call them."""
        return tuple(self.labels.values())

    def path_of(self, label: str) -> str:
        """What places call the file that answers call *label*."""
        return next(path for path, each in self.labels.items() if each == label)


def load_fixtures(
    path: Path,
    contract: Contract,
    schemas: Schemas,
    *,
    name: str | None = None,
    refuse_breaches: bool = True,
    size_limit: int = SIZE_LIMIT,
    host: Host | None = None,
) -> Fixtures:
    """Read every fixture file in the folder *path*, or the file *path*.

    Args:
        path: The folder (with its sub-folders; dot-files are skipped) or the file.
        contract: What records and answers are held against.
        schemas: The classes that check them.
        name: What places call the path; the path itself by default.
        refuse_breaches: Whether a breach of the contract is a fault, or else a warning.
        size_limit: Bytes that one file may have.
        host: What the framework's own bodies depend on.

    Raises:
        StartError: There is no such folder or file, or a folder cannot be read.
        DocumentError: Something in the files is wrong; every fault is listed.
    """
    loader = _Loader(contract, schemas, host or Host())
    labels: dict[str, str] = {}
    root = find_root(path)
    with _without_collection():
        for file in find_files(path):
            called = _name_of(file, path, name or str(path))
            labels[called] = _label_of(file, path)
            loader.load(file, called, labels[called], size_limit, Folders(file.parent, root))
    faults, breaches = loader.find_faults(), loader.find_breaches()
    if refuse_breaches:
        faults, breaches = faults + breaches, []
    if faults:
        raise DocumentError(faults, files=loader.answers.files)
    return Fixtures(
        records=tuple(loader.records.records),
        answers=tuple(loader.answers.answers),
        warnings=tuple(sorted(set(breaches))),
        labels=MappingProxyType(labels),
        bodies=loader.answers.files,
        path=path,
    )


@contextmanager
def _without_collection() -> Iterator[None]:
    """No search for garbage: what is read is kept, and going over it time and again takes a fifth of the load."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def find_root(path: Path) -> Path:
    """The folder that bodies of answers have to lie in: *path* itself, or the folder of that one file."""
    return path if path.is_dir() else path.parent


def find_files(path: Path) -> list[Path]:
    """The fixture files in a folder and its sub-folders, in the order of their relative paths.

    Raises:
        StartError: There is no such folder or file, or a folder cannot be read.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise StartError(f"{path}: there is no such folder or file. Name the folder of the fixtures.") from None
    except OSError as error:
        _refuse(error)
    if not path.is_dir():
        return [path]
    found = []
    for folder, folders, files in os.walk(path, onerror=_refuse):
        folders[:] = [each for each in folders if not each.startswith(".")]
        found += [Path(folder, file) for file in files if is_fixture(file)]
    return sorted(found, key=lambda file: file.relative_to(path).as_posix())


def _refuse(error: OSError) -> NoReturn:
    finding = f"this cannot be read: {error.strerror}. Name a folder or file that can be."
    raise StartError(f"{error.filename}: {finding}") from None


def is_fixture(file: str) -> bool:
    """Whether a file of that name in the folder is read."""
    return file.lower().endswith(SUFFIXES) and not file.startswith(".")


def _name_of(file: Path, path: Path, name: str) -> str:
    """What a fault calls the file: the path as it was given, then the way down."""
    return name if file == path else f"{name.rstrip('/')}/{file.relative_to(path).as_posix()}"


def _label_of(file: Path, path: Path) -> str:
    """What an answer calls the file: the same wherever the folder lies, and text that UTF-8 can carry."""
    label = file.name if file == path else f"{path.resolve().name}/{file.relative_to(path).as_posix()}"
    return label.encode(errors="replace").decode()


class _Loader(DocumentReader):
    """Reads one file after the other; what two of them have in common is checked across all."""

    def __init__(self, contract: Contract, schemas: Schemas, host: Host) -> None:
        super().__init__()
        self.records = RecordReader(contract, schemas)
        self.answers = AnswerReader(contract, schemas, host)
        self.unread: set[Place] = set()

    def find_faults(self) -> list[Fault]:
        """All faults but those that only follow from what the parser could not read at their place."""
        following = self.records.faults + self.answers.faults
        return self.faults + [fault for fault in following if fault.place not in self.unread]

    def find_breaches(self) -> list[Fault]:
        """The same of breaches of the contract."""
        found = self.records.breaches + self.answers.breaches
        return [fault for fault in found if fault.place not in self.unread]

    def load(self, file: Path, name: str, label: str, size_limit: int, folders: Folders) -> None:
        root = self._load_document(file, name, size_limit)
        if root is None:
            return
        if not isinstance(root.value, dict):
            self.add(root.place, "A fixture file has keys. Write schema and records, or answers, each with a colon.")
            return
        if not root.value:
            self.add(root.place, "The file holds nothing. Fill it or remove it.")
        self.check_keys(root, ("schema", "records", "answers"))
        members = root.value
        if "records" in members or "schema" in members:
            self.records.read(root, label)
        for node in self.items(members.get("answers")):
            self.answers.read(node, label, folders)

    def _load_document(self, file: Path, name: str, size_limit: int) -> Node | None:
        """The document, also one with faults that leave the rest of it readable."""
        try:
            return load_document(file, name, size_limit)
        except DocumentError as error:
            self.faults += error.faults
            self.unread |= {fault.place for fault in error.faults}
            return error.root
