"""The bodies of errors, as the framework writes them."""

import pytest

from mockserver.documents.json_text import write_json
from mockserver.vendors.aspnet.binding import ModelError
from mockserver.vendors.aspnet.errors import (
    HttpError,
    describe_error,
    describe_invalid_request,
    describe_unknown_route,
    describe_unsupported_method,
)

REQUIRED = "A value is required but was not present in the request."


def invalid(key: str, message: str) -> ModelError:
    return ModelError(key, message, is_blank=False)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            describe_unknown_route('http://localhost/No"pe'),
            r"""{"Message":"No HTTP resource was found that matches the request URI 'http://localhost/No\"pe'."}""",
        ),
        (
            describe_unsupported_method("POST"),
            """{"Message":"The requested resource does not support http method 'POST'."}""",
        ),
        (
            describe_unsupported_method("Head"),
            """{"Message":"The requested resource does not support http method 'Head'."}""",
        ),
        (describe_invalid_request(), '{"Message":"The request is invalid."}'),
        (describe_error(), '{"Message":"An error has occurred."}'),
        (describe_error("Sex is 3."), '{"Message":"An error has occurred.","MessageDetail":"Sex is 3."}'),
        (describe_error(""), '{"Message":"An error has occurred.","MessageDetail":""}'),
    ],
)
def test_a_body_is_the_one_of_the_framework(body: HttpError, text: str) -> None:
    assert write_json(body) == text


@pytest.mark.parametrize(
    ("errors", "model_state"),
    [
        (
            [invalid("idType", "The value 'abc' is not valid for Int32.")],
            {"idType": ["The value 'abc' is not valid for Int32."]},
        ),
        (
            [
                invalid("idType", "The value 'abc' is not valid for Int32."),
                ModelError("idTypeExtRef.String", REQUIRED, is_blank=True),
            ],
            {"idType": ["The value 'abc' is not valid for Int32."], "idTypeExtRef.String": [REQUIRED]},
        ),
        (
            [invalid("", "first"), invalid("b", "second"), invalid("", "third")],
            {"": ["first", "third"], "b": ["second"]},
        ),
    ],
)
def test_the_model_state_lists_messages_by_key(errors: list[ModelError], model_state: dict[str, list[str]]) -> None:
    body = describe_invalid_request(iter(errors))

    assert body == {"Message": "The request is invalid.", "ModelState": model_state}


def test_the_message_stands_before_the_model_state() -> None:
    body = describe_invalid_request([invalid("idType", "An error has occurred.")])

    text = '{"Message":"The request is invalid.","ModelState":{"idType":["An error has occurred."]}}'
    assert write_json(body) == text
