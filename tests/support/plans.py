"""Plans for requests: of the shipped contract with a few fixtures, and of a contract of boxes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from mockserver.http.messages import Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.state.sessions import Session
from tests.support.stubs import load_stub

HOST = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
JSON = ("Content-Type", "application/json; charset=utf-8")
VARY = ("Vary", "Prefer")
KNOWN, STRANGER, NOBODY = "/Customers/known", "/Customers/stranger", "/Customers/%C3%BC" + "x" * 30
"""The targets of a record, of a generated record, and of an id that nobody can have."""

RECORDS = """\
schema: Customer
records:
  - PersonalId: known
    FirstName: Ada
    Sex: 2
  - PersonalId: typed
    PersonalIdTypeId: 1
    PersonalIdTypeExtRef: CARD
answers:
  - name: teapot
    operation: getCustomer
    when: {id: answered}
    reply: {status: 418, headers: {X-Pot: blue}, text: short and stout, delay: 5, fault: reset}
  - {name: void, operation: getCustomer, when: {id: " "}, reply: {status: 503}}
  - {name: long, operation: getCustomer, when: {id: {matches: "x{31,}"}}, reply: {status: 503}}
  - {name: broken, operation: getCustomer, when: {id: broken}, unchecked: true, reply: {body: {Sex: 64}}}
  - {name: crash, operation: getCustomer, when: {id: crash}, reply: {status: 500}}
  - name: flow
    operation: getCustomer
    when: {id: flow}
    reply: {sequence: [{status: 503}, {status: 429}, {status: 404}]}
  - {name: once, operation: getCustomer, when: {id: once, call: 3}, times: 1, reply: {status: 503, chance: 0.01}}
  - {name: hello, operation: getCustomer, when: {id: hello}, reply: {status: 409, text: "hello {id}"}}
  - {name: tenant, operation: getCustomer, when: {id: tenant, headers: {X-Tenant: acme}}, reply: {status: 409}}
"""
NAMES = ("teapot", "void", "long", "broken", "crash", "flow", "once", "hello", "tenant")
"""The names of the answers of `RECORDS`."""

BOXES = """\
openapi: 3.1.0
info: {title: Boxes, version: "1"}
paths:
  /boxes/{number}:
    get:
      operationId: getBox
      parameters:
        - name: number
          in: path
          required: true
          schema: {type: integer, format: int32}
          x-mock-selects: {member: Number}
        - {name: __code, in: query, schema: {type: string, default: ""}}
      responses:
        "200":
          description: A box.
          content: {application/json: {schema: {$ref: "#/components/schemas/Box"}}}
          headers: {X-Rate: {required: true, schema: {type: integer, minimum: 1, maximum: 9}}}
        "201":
          description: Created.
          content: {application/json: {schema: {$ref: "#/components/schemas/Box"}}}
          headers: {Location: {example: "/boxes/7?a=b&c=\\"d\\"; e=100%, f"}}
        "204":
          description: Nothing.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Box"}
              examples: {empty: {value: {Number: 1, Label: a}}}
        "206": {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/HttpError"}}}}
        "304": {description: The same., headers: {ETag: {schema: {const: 'W/"abc"'}}}}
        "400": {description: Bad., content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}
        "404":
          description: None.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Problem"}
              examples:
                gone: {value: {type: "about:blank", title: Gone, code: 7}}
                never: {value: {type: "about:blank", title: Never, code: 7}}
        "410":
          description: Gone.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Problem"}
              examples: {gone: {value: {type: "about:blank", title: Gone, code: 8}}}
        "429":
          description: Slower.
          headers:
            Retry-After: {required: true, schema: {type: integer, enum: [60]}}
            X-Text: {required: true, schema: {type: string}}
            X-Name: {schema: {type: string, examples: ["דנה é", b]}}
            X-Default: {schema: {type: string, default: usual}}
            X-List: {schema: {const: [a, 1, null]}}
            X-Map: {schema: {const: {a: 1}}}
            X-Flag: {examples: {one: {value: true}}}
            X-None: {required: true, schema: {type: "null"}}
            X-Optional: {schema: {type: string}}
            X-Bare: {required: true, content: {text/plain: {}}}
            X-Mock-Source: {required: true, schema: {type: string}}
            Vary: {schema: {const: Accept-Language}}
            Connection: {schema: {const: close}}
            Cache-Control: {schema: {const: public}}
        "500": {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/HttpError"}}}}
    delete:
      operationId: dropBox
      parameters: [{name: number, in: path, required: true, schema: {type: integer, format: int32}}]
      responses: {"204": {description: Dropped.}}
components:
  schemas:
    Box:
      type: object
      required: [Number, Label]
      properties: {Number: {type: integer, minimum: 1, maximum: 99}, Label: {type: string, maxLength: 20}}
    Problem:
      type: object
      required: [type, title, code]
      properties: {type: {type: string}, title: {type: string}, code: {type: integer, minimum: 1, maximum: 9}}
    HttpError: {type: object, required: [Message], properties: {Message: {type: string}}}
"""


class BoxSchema(Schema):
    class Meta(Schema.Meta):
        unknown = RAISE

    Number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 99))
    Label = fields.String(required=True, validate=validate.Length(max=20))


class ProblemSchema(Schema):
    class Meta(Schema.Meta):
        unknown = RAISE

    type = fields.String(required=True)
    title = fields.String(required=True)
    code = fields.Integer(required=True, strict=True, validate=validate.Range(1, 9))


def load_planner(folder: Path, text: str = RECORDS, **settings: Any) -> Planner:
    """Return the planner of the shipped contract with fixtures of `text`; their places begin with `files/all.yaml`."""
    file = folder / "files" / "all.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load_stub(fixtures=file.parent, **settings).planner


ONE_BOX = "schema: Box\nrecords: [{Number: 7, Label: seven}]"


def load_boxes(folder: Path, text: str = ONE_BOX, boxes: str = BOXES) -> Planner:
    """Return the planner of `BOXES` with fixtures of `text`: one box, which has the number 7."""
    contract = folder / "boxes.yaml"
    contract.write_text(boxes, encoding="utf-8")
    classes = {"Box": BoxSchema, "Problem": ProblemSchema}
    return load_planner(folder, text, contract=contract, schemas=classes)


def ask(
    planner: Planner, target: str = KNOWN, prefer: str | None = None, session: Session | None = None, **headers: str
) -> Plan:
    """Return the plan for a GET; underscores in the names of `headers` stand for hyphens."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    preferred = {} if prefer is None else {"prefer": prefer}
    request = Request("GET", target, headers=tuple((sent | preferred).items()))
    return planner.plan(request, None if session is None else session.visit())


def read(plan: Plan) -> dict[str, Any]:
    """Return the JSON object of the body."""
    body: dict[str, Any] = json.loads(plan.reply.body)
    return body


def tell(source: Source) -> str:
    """Return kind and name of a source, and of the answers that are added to it, without their places."""
    parts = (source, *source.added)
    return " + ".join(" ".join(part for part in (each.kind, each.name) if part) for each in parts)


def summarize(plan: Plan) -> tuple[int, str, str | None]:
    """Return the status, the source and the preferences that are said to be applied."""
    return plan.reply.status, tell(plan.source), plan.reply.header("Preference-Applied")
