"""Fixture folders of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Final

RECORD: Final = """\
  - CustomerId: {number}
    PersonalId: "{id}"
    PersonalIdTypeId: 1
    PersonalIdTypeExtRef: NATIONAL-ID
    FirstName: Dana
    LastName: Levi
    Email: dana.levi{number}@example.com
    TelNumber1: +61 491 570 006
    TelNumber2: +61 491 570 156
    DOB: 1984-03-12T00:00:00+10:00
    Sex: 2
    Notes: Prefers morning appointments.
    ExtRef: CRM-{number}
    NotificationConsent: true
    IsActive: true
    CustomProperties: {{PreferredName: Dana, PreferredLanguage: he}}
"""

SCALAR: Final = """\
  - name: scalar-{number}
    operation: getCustomer
    when: {{id: scalar-{number}}}
    reply: {{status: 404}}
"""

LISTS: Final = """\
  - name: lists-{number}
    operation: getCustomer
    when: {{id: [lists-{number}, other-{number}], idType: [1, 2]}}
    reply: {{status: 404}}
"""

FIRST_ID: Final = 500_000_000


def write_records(folder: Path, count: int) -> Path:
    """Write *count* complete records, the ids counted up from `FIRST_ID`; gives the folder."""
    records = (RECORD.format(number=number, id=FIRST_ID + number) for number in range(count))
    return _write(folder, "records.yaml", f"schema: Customer\nrecords:\n{''.join(records)}")


def write_answers(folder: Path, count: int) -> Path:
    """Write *count* answers, half of them with scalars and half with lists, beside ten complete records."""
    write_records(folder, 10)
    answers = ((SCALAR, LISTS)[number % 2].format(number=number) for number in range(count))
    return _write(folder, "answers.yaml", f"answers:\n{''.join(answers)}")


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
