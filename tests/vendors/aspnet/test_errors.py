"""The bodies of errors, as the framework writes them."""

import pytest

from mockserver.documents.json_text import write_json
from mockserver.vendors.aspnet.binding import ModelError
from mockserver.vendors.aspnet.errors import HttpError, describe_error, describe_invalid_request, describe_unknown_route

REQUIRED = "A value is required but was not present in the request."
NOT_INTEGER = "The value 'abc' is not valid for Int32."


def invalid(key: str, message: str) -> ModelError:
    return ModelError(key, message, is_blank=False)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            describe_unknown_route('http://localhost/No"pe'),
            r"""{"Message":"No HTTP resource was found that matches the request URI 'http://localhost/No\"pe'."}""",
        ),
        (describe_invalid_request(), '{"Message":"The request is invalid."}'),
        (
            describe_invalid_request([invalid("idType", "An error has occurred.")]),
            '{"Message":"The request is invalid.","ModelState":{"idType":["An error has occurred."]}}',
        ),
        (describe_error(), '{"Message":"An error has occurred."}'),
        (describe_error(""), '{"Message":"An error has occurred.","MessageDetail":""}'),
    ],
)
def test_members_stand_in_the_order_of_the_framework(body: HttpError, text: str) -> None:
    assert write_json(body) == text


@pytest.mark.parametrize(
    ("errors", "model_state"),
    [
        ([invalid("idType", NOT_INTEGER)], {"idType": [NOT_INTEGER]}),
        (
            [invalid("idType", NOT_INTEGER), ModelError("idTypeExtRef.String", REQUIRED, is_blank=True)],
            {"idType": [NOT_INTEGER], "idTypeExtRef.String": [REQUIRED]},
        ),
        ([invalid("", "1"), invalid("b", "2"), invalid("", "3")], {"": ["1", "3"], "b": ["2"]}),
    ],
)
def test_model_state_lists_messages_by_key(errors: list[ModelError], model_state: dict[str, list[str]]) -> None:
    assert describe_invalid_request(iter(errors)) == {"Message": "The request is invalid.", "ModelState": model_state}
