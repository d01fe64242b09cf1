"""How a query and a path become arguments. The rows for the Customers operation were recorded from the framework."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.contract.contract import Parameter
from mockserver.documents.nodes import WHITE_SPACE, Scalar
from mockserver.vendors.aspnet.binding import (
    Binding,
    ModelError,
    UnclosedBracketError,
    bind_arguments,
    normalize_key,
    read_query,
)

ID = Parameter("id", "path", "string", "", is_required=True, default=None, selects=None)
ID_TYPE = Parameter("idType", "query", "integer", "int32", is_required=False, default=0, selects=None)
ID_TYPE_EXT_REF = Parameter("idTypeExtRef", "query", "string", "", is_required=False, default="", selects=None)
CUSTOMER = (ID, ID_TYPE, ID_TYPE_EXT_REF)

REQUIRED_ID_TYPE = Parameter("idType", "query", "integer", "int32", is_required=True, default=None, selects=None)
LONG = Parameter("n", "query", "integer", "int64", is_required=False, default=0, selects=None)
FLAG = Parameter("flag", "query", "boolean", "", is_required=False, default=False, selects=None)
NULLABLE = Parameter("limit", "query", "integer", "int32", is_required=False, default=None, selects=None)

REQUIRED = "A value is required but was not present in the request."
ERROR = "An error has occurred."


def bind(query: str, parameters: tuple[Parameter, ...] = CUSTOMER, path_id: str = "1") -> Binding:
    return bind_arguments(parameters, {"id": path_id}, read_query(query, ignore_unclosed=False))


def bind_value(parameter: Parameter, text: str) -> Binding:
    return bind_arguments((parameter,), {}, {parameter.name.lower(): [text]})


def invalid(key: str, text: str) -> ModelError:
    return ModelError(key, f"The value '{text}' is not valid for Int32.", is_blank=False)


def overflow(key: str) -> ModelError:
    return ModelError(key, ERROR, is_blank=False)


def blank(key: str) -> ModelError:
    return ModelError(key, REQUIRED, is_blank=True)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", ("1", 0, "")),
        ("idType=1", ("1", 1, "")),
        ("idType=5&idTypeExtRef=T9", ("1", 5, "T9")),
        ("idTypeExtRef=a+b", ("1", 0, "a b")),
        ("idTypeExtRef=%22a%22", ("1", 0, '"a"')),
        ("idTypeExtRef=%3Cscript%3Ealert(1)%3C/script%3E", ("1", 0, "<script>alert(1)</script>")),
        ("idTypeExtRef=a%23b", ("1", 0, "a#b")),
        ("idTypeExtRef=~-._", ("1", 0, "~-._")),
        ("idTypeExtRef=Zo%C3%AB%20%E6%97%A5%E6%9C%AC%20%F0%9F%98%80", ("1", 0, "Zoë 日本 😀")),
        ("idTypeExtRef=%c3%A9", ("1", 0, "é")),
        ("idTypeExtRef=a%4", ("1", 0, "a%4")),
        ("idTypeExtRef=a=b", ("1", 0, "a=b")),
        ("foo=bar", ("1", 0, "")),
        ("foo", ("1", 0, "")),
        ("callback=cb", ("1", 0, "")),
        ("action=Post", ("1", 0, "")),
        ("controller=Foo", ("1", 0, "")),
        ("%20", ("1", 0, "")),
        ("+", ("1", 0, "")),
        ("%23", ("1", 0, "")),
        ("?idType=1", ("1", 0, "")),
        ("idType%3D1", ("1", 0, "")),
    ],
)
def test_values_are_decoded_and_unknown_names_are_ignored(query: str, arguments: tuple[Scalar, ...]) -> None:
    binding = bind(query)

    assert binding == Binding(dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True)), (), None)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("IDTYPE=1", ("1", 1, "")),
        ("IdType=1", ("1", 1, "")),
        ("idtype=1", ("1", 1, "")),
        ("IDTYPEEXTREF=a", ("1", 0, "a")),
        ("iD=3", ("3", 0, "")),
        ("%69d=3", ("3", 0, "")),
        ("idType+=1", ("1", 0, "")),
        ("+idType=1", ("1", 0, "")),
        ("idType.x=1", ("1", 0, "")),
        ("a.b=1", ("1", 0, "")),
        ("idType[]=1", ("1", 1, "")),
        ("idType[][]=1", ("1", 1, "")),
        ("idTypeExtRef[]=a", ("1", 0, "a")),
        ("id[]=3", ("3", 0, "")),
        ("idType%5B%5D=5", ("1", 5, "")),
        ("idType[0]=1", ("1", 0, "")),
        ("idType%5B0%5D=5", ("1", 0, "")),
        ("idType[a]=1", ("1", 0, "")),
        ("idType]=1", ("1", 0, "")),
        ("[a]=1", ("1", 0, "")),
        ("a[b][c]=1", ("1", 0, "")),
        ("a" + 200 * "[x]" + "=1", ("1", 0, "")),
    ],
)
def test_names_ignore_case_and_are_decoded_before_they_are_compared(query: str, arguments: tuple[Scalar, ...]) -> None:
    binding = bind(query)

    assert binding == Binding(dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True)), (), None)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("idType=1&idType=abc", ("1", 1, "")),
        ("idType=1&idType=2&idType=3", ("1", 1, "")),
        ("idType=1&IDTYPE=2", ("1", 1, "")),
        ("idType=2&idType=", ("1", 2, "")),
        ("idTypeExtRef=a&idTypeExtRef=b", ("1", 0, "a")),
        ("idTypeExtRef=a&idtypeextref=b", ("1", 0, "a")),
        ("id=3&id=4", ("3", 0, "")),
        ("&".join(f"k{number}=1" for number in range(1001)), ("1", 0, "")),
    ],
)
def test_the_first_of_repeated_keys_binds(query: str, arguments: tuple[Scalar, ...]) -> None:
    binding = bind(query)

    assert binding == Binding(dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True)), (), None)


def test_the_message_joins_repeated_values_by_a_comma() -> None:
    binding = bind("idType=abc&idType=1&IDTYPE=")

    assert binding.errors == (invalid("idType", "abc,1,"),)


@pytest.mark.parametrize("query", ["id=3", "ID=3", "id[]=3"])
def test_the_query_beats_the_route(query: str) -> None:
    binding = bind(query)

    assert binding.arguments["id"] == "3"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1", 1),
        ("-1", -1),
        ("-0", 0),
        ("+1", 1),
        ("007", 7),
        ("0" * 5000 + "1", 1),
        (" 1 ", 1),
        ("\t1\n", 1),
        ("\xa01\u3000", 1),
        ("1\0", 1),
        ("1\0\0", 1),
        ("1 \0", 1),
        ("1\0 ", 1),
        ("2147483647", 2147483647),
        ("-2147483648", -2147483648),
        ("0x10", 16),
        ("0X1F", 31),
        ("&h10", 16),
        ("&H10", 16),
        ("#10", 16),
        ("#ff", 255),
        (" 0x10 ", 16),
        ("0x0000000000000010", 16),
        ("0x+10", 16),
        ("0x0x10", 16),
        ("#+0X10", 16),
        ("0x7FFFFFFF", 2147483647),
        ("0x80000000", -2147483648),
        ("0xFFFFFFFF", -1),
    ],
)
def test_every_form_that_dotnet_takes_is_an_int32(text: str, number: int) -> None:
    binding = bind_value(ID_TYPE, text)

    assert binding == Binding({"idType": number}, (), None)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1.0",
        "1.",
        "1e3",
        "1E0",
        "1,000",
        "1,2",
        "1_000",
        "(1)",
        "$1",
        "1L",
        "1d",
        "1 2",
        "- 1",
        "--1",
        "1-",
        "-",
        "+",
        "-0x10",
        "0b1",
        "0xZZ",
        "0x1G",
        "0x 10",
        "0x0x",
        "0x+",
        "0x10\0",
        "h10",
        "1\0001",
        "\0001",
        "\x1c1",
        "1\x1f",
        "\u22121",
        "\ufeff1",
        "\u00b2",
        "\u0661",
        "\uff11",
        "null",
        "true",
        "false",
        "NaN",
        "Infinity",
        "<script>",
        "a\nb",
        "{0}",
        "{1}{{",
        "=1",
        "1=2",
        "1?x",
        "1&idTypeExtRef=x",
        "😀",
        "x" * 300,
        "99999999999x",
    ],
)
def test_what_is_no_int32_keeps_the_default_and_is_told(text: str) -> None:
    binding = bind_value(ID_TYPE, text)

    assert binding == Binding({"idType": 0}, (invalid("idType", text),), None)


@pytest.mark.parametrize(
    "text",
    [
        "2147483648",
        "-2147483649",
        "9" * 40,
        "-" + "9" * 5000,
        "0x",
        "#",
        "&h",
        "0x-1",
        "#-",
        "0x100000000",
        "0x100000000ZZ",
        "#" + "F" * 5000,
    ],
)
def test_what_dotnet_throws_another_exception_for_is_an_error_without_its_text(text: str) -> None:
    binding = bind_value(ID_TYPE, text)

    assert binding == Binding({"idType": 0}, (overflow("idType"),), None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2147483648", 2147483648),
        ("9223372036854775807", 9223372036854775807),
        ("-9223372036854775808", -9223372036854775808),
        ("0xFFFFFFFF", 4294967295),
        ("0x7FFFFFFFFFFFFFFF", 9223372036854775807),
        ("0xFFFFFFFFFFFFFFFF", -1),
    ],
)
def test_an_int64_has_twice_the_bits(text: str, number: int) -> None:
    binding = bind_value(LONG, text)

    assert binding == Binding({"n": number}, (), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9223372036854775808", ERROR),
        ("-9223372036854775809", ERROR),
        ("99999999999999999999", ERROR),
        ("0x10000000000000000", ERROR),
        ("1.5", "The value '1.5' is not valid for Int64."),
    ],
)
def test_an_int64_is_told_by_its_own_name(text: str, message: str) -> None:
    binding = bind_value(LONG, text)

    assert binding == Binding({"n": 0}, (ModelError("n", message, is_blank=False),), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRuE", True),
        ("false", False),
        ("False", False),
        (" true ", True),
        ("\u3000true\0", True),
        ("\0 true", True),
    ],
)
def test_a_boolean_is_the_word_in_any_case(text: str, value: bool) -> None:
    parameter = Parameter("flag", "query", "boolean", "", is_required=False, default=not value, selects=None)

    assert bind_value(parameter, text) == Binding({"flag": value}, (), None)


@pytest.mark.parametrize("text", ["1", "0", "yes", "on", "t", "true1", "tr ue", "truё"])
def test_no_other_text_is_a_boolean(text: str) -> None:
    binding = bind_value(FLAG, text)

    error = ModelError("flag", f"The value '{text}' is not valid for Boolean.", is_blank=False)
    assert binding == Binding({"flag": False}, (error,), None)


@pytest.mark.parametrize(
    ("query", "arguments", "errors"),
    [
        ("idTypeExtRef", ("1", 0, None), (blank("idTypeExtRef.String"),)),
        ("idTypeExtRef=", ("1", 0, None), (blank("idTypeExtRef.String"),)),
        ("idTypeExtRef=%20%20", ("1", 0, None), (blank("idTypeExtRef.String"),)),
        ("idTypeExtRef=%C2%A0", ("1", 0, None), (blank("idTypeExtRef.String"),)),
        ("idTypeExtRef=%C2%85%E2%80%83", ("1", 0, None), (blank("idTypeExtRef.String"),)),
        ("id", (None, 0, ""), (blank("id.String"),)),
        ("id=%20", (None, 0, ""), (blank("id.String"),)),
        ("id=&id=3", (None, 0, ""), (blank("id.String"),)),
        ("idTypeExtRef=&idType=abc", ("1", 0, None), (invalid("idType", "abc"), blank("idTypeExtRef.String"))),
    ],
)
def test_blank_text_is_null_and_an_error(
    query: str, arguments: tuple[Scalar, ...], errors: tuple[ModelError, ...]
) -> None:
    binding = bind(query)

    assert binding == Binding(dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True)), errors, None)


@pytest.mark.parametrize("path_id", [" ", "\t", "  ", "\xa0"])
def test_a_blank_id_in_the_path_is_null_and_an_error(path_id: str) -> None:
    binding = bind("idType=abc", path_id=path_id)

    errors = (blank("id.String"), invalid("idType", "abc"))
    assert binding == Binding({"id": None, "idType": 0, "idTypeExtRef": ""}, errors, None)


def test_white_space_is_what_python_takes_but_for_four_control_characters() -> None:
    spaces = {character for character in map(chr, range(0x10000)) if character.isspace()}

    assert set(WHITE_SPACE) == spaces - set("\x1c\x1d\x1e\x1f")


@pytest.mark.parametrize("text", ["\0", "\x1c", "\x1f", "\u200b", "\ufeff", "\u180e"])
def test_what_only_looks_blank_is_text(text: str) -> None:
    binding = bind_value(ID_TYPE_EXT_REF, text)

    assert binding == Binding({"idTypeExtRef": text}, (), None)


@pytest.mark.parametrize(
    ("query", "arguments", "errors"),
    [
        ("idType", ("1", None, ""), (blank("idType.Int32"),)),
        ("idType=", ("1", None, ""), (blank("idType.Int32"),)),
        ("idType=%20", ("1", None, ""), (blank("idType.Int32"),)),
        ("idType=&idType=2", ("1", None, ""), (blank("idType.Int32"),)),
        ("idType=&idTypeExtRef=", ("1", None, None), (blank("idType.Int32"), blank("idTypeExtRef.String"))),
    ],
)
def test_a_blank_integer_is_null_where_it_cannot_be(
    query: str, arguments: tuple[Scalar, ...], errors: tuple[ModelError, ...]
) -> None:
    binding = bind(query)

    expected = dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True))
    assert binding == Binding(expected, errors, null_argument="idType")


@pytest.mark.parametrize(
    ("query", "arguments", "errors", "null_argument"),
    [
        ("&", ("1", None, None), (blank("idType.Int32"), blank("idTypeExtRef.String")), "idType"),
        ("=", ("1", None, None), (blank("idType.Int32"), blank("idTypeExtRef.String")), "idType"),
        ("foo=1&", ("1", None, None), (blank("idType.Int32"), blank("idTypeExtRef.String")), "idType"),
        ("idTypeExtRef=x&", ("1", None, "x"), (blank("idType.Int32"),), "idType"),
        ("&idType=1", ("1", 1, None), (blank("idTypeExtRef.String"),), None),
        ("idType=1&", ("1", 1, None), (blank("idTypeExtRef.String"),), None),
        ("idType=1&&idTypeExtRef=x", ("1", 1, "x"), (), None),
        ("idType=1&idTypeExtRef=x&", ("1", 1, "x"), (), None),
        ("=5", ("1", 5, "5"), (), None),
        ("[]=5", ("1", 5, "5"), (), None),
        ("=x&idType=1", ("1", 1, "x"), (), None),
        ("=x", ("1", 0, "x"), (invalid("", "x"),), None),
        ("=a&=b", ("1", 0, "a"), (invalid("", "a,b"),), None),
        ("=0x", ("1", 0, "0x"), (overflow(""),), None),
    ],
)
def test_the_empty_key_is_every_parameter_that_is_not_given(
    query: str, arguments: tuple[Scalar, ...], errors: tuple[ModelError, ...], null_argument: str | None
) -> None:
    binding = bind(query)

    expected = dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True))
    assert binding == Binding(expected, errors, null_argument)


@pytest.mark.parametrize(
    ("query", "id_type", "errors", "null_argument"),
    [
        ("idTypeExtRef=x&idType=abc&=5", 5, (invalid("idType", "abc"),), None),
        ("idTypeExtRef=x&idType=abc&=z", 0, (invalid("idType", "abc"), invalid("", "z")), None),
        ("idTypeExtRef=x&idType=abc&", None, (invalid("idType", "abc"),), "idType"),
    ],
)
def test_a_name_that_cannot_be_converted_is_tried_as_the_empty_key(
    query: str, id_type: Scalar, errors: tuple[ModelError, ...], null_argument: str | None
) -> None:
    binding = bind(query)

    assert binding == Binding({"id": "1", "idType": id_type, "idTypeExtRef": "x"}, errors, null_argument)


def test_the_first_parameter_that_cannot_be_null_is_named() -> None:
    second = Parameter("other", "query", "boolean", "", is_required=False, default=True, selects=None)

    binding = bind("other=&idType=", (ID, ID_TYPE, second))

    errors = (blank("idType.Int32"), blank("other.Boolean"))
    assert binding == Binding({"id": "1", "idType": None, "other": None}, errors, null_argument="idType")


@pytest.mark.parametrize(
    ("query", "value", "errors", "null_argument"),
    [
        ("idType=0x10", 16, (), None),
        ("idType=%20", None, (blank("idType.Int32"),), "idType"),
        ("idType=null", None, (invalid("idType", "null"),), "idType"),
        ("idType=abc&idType=1", None, (invalid("idType", "abc,1"),), "idType"),
        ("", None, (), "idType"),
    ],
)
def test_a_required_integer_has_no_default_to_fall_back_on(
    query: str, value: Scalar, errors: tuple[ModelError, ...], null_argument: str | None
) -> None:
    binding = bind(query, (REQUIRED_ID_TYPE,))

    assert binding == Binding({"idType": value}, errors, null_argument)


@pytest.mark.parametrize(
    ("query", "value", "errors"),
    [
        ("", None, ()),
        ("limit=7", 7, ()),
        ("limit=", None, (blank("limit.Nullable`1"),)),
        ("limit=x", None, (ModelError("limit", "The value 'x' is not valid for Nullable`1.", is_blank=False),)),
    ],
)
def test_an_optional_integer_without_default_may_be_null(
    query: str, value: Scalar, errors: tuple[ModelError, ...]
) -> None:
    binding = bind(query, (NULLABLE,))

    assert binding == Binding({"limit": value}, errors, None)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (None, {}),
        ("", {}),
        ("a=1", {"a": ["1"]}),
        ("A=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        ("a", {"a": [""]}),
        ("a=", {"a": [""]}),
        ("&", {"": ["", ""]}),
        ("a=1&", {"a": ["1"], "": [""]}),
        ("a=1;b=2", {"a": ["1;b=2"]}),
        ("a%3Db=%26", {"a=b": ["&"]}),
        ("a%26b=1", {"a&b": ["1"]}),
        ("a=%zz%u0041%", {"a": ["%zz%u0041%"]}),
        ("a=%FC", {"a": ["\ufffd"]}),
        ("a=%2520", {"a": ["%20"]}),
        ("a=é", {"a": ["é"]}),
    ],
)
def test_a_query_is_its_keys_and_their_values_in_order(query: str | None, values: dict[str, list[str]]) -> None:
    assert read_query(query, ignore_unclosed=False) == values


@pytest.mark.parametrize(
    ("key", "normal"),
    [
        ("", ""),
        ("a", "a"),
        ("[]", ""),
        ("a[]", "a"),
        ("a[b]", "a.b"),
        ("a[b][c]", "a.b.c"),
        ("a[b]c", "a.bc"),
        ("a[0]", "a[0]"),
        ("a[0x]", "a[0x]"),
        ("a[٣]", "a[٣]"),
        ("a[²]", "a.²"),
        ("a[0][b]", "a[0].b"),
        ("[a]", ".a"),
        ("a]", "a]"),
        ("a[[b]", "a.[b"),
    ],
)
def test_brackets_become_dots_unless_they_hold_an_index(key: str, normal: str) -> None:
    assert normalize_key(key) == normal


@pytest.mark.parametrize("query", ["a[=1", "a[b=1", "[", "a]b[=1", "a[0][=1", "idType=1&a%5B=1"])
def test_an_unclosed_bracket_refuses_the_whole_query(query: str) -> None:
    with pytest.raises(UnclosedBracketError):
        read_query(query, ignore_unclosed=False)


def test_a_key_with_an_unclosed_bracket_can_be_left_out() -> None:
    assert read_query("idType[=1&idType=2&a[b", ignore_unclosed=True) == {"idtype": ["2"]}


def test_an_equals_sign_before_the_closing_bracket_leaves_the_key_unclosed() -> None:
    assert read_query("a[b=c]", ignore_unclosed=True) == {}


# Text of the kind that queries are made of, and any other.
QUERIES = st.text() | st.text(alphabet="ab&=[]%+.0Fx \t\0\ud800é")


@given(query=QUERIES)
@example(query="%" * 1000)
def test_any_query_can_be_read(query: str) -> None:
    values = read_query(query, ignore_unclosed=True)

    assert all(texts for texts in values.values())


@given(query=QUERIES)
def test_a_query_without_opening_brackets_is_never_refused(query: str) -> None:
    query = query.replace("[", "").replace("%5B", "").replace("%5b", "")

    assert read_query(query, ignore_unclosed=False) == read_query(query, ignore_unclosed=True)


@given(path_id=st.text(), query=QUERIES)
def test_any_request_binds_every_parameter_to_a_value_of_its_type(path_id: str, query: str) -> None:
    parameters = (*CUSTOMER, LONG, FLAG, NULLABLE)

    binding = bind_arguments(parameters, {"id": path_id}, read_query(query, ignore_unclosed=True))

    types = {"id": str, "idType": int, "idTypeExtRef": str, "n": int, "flag": bool, "limit": int}
    wrong = {name: value for name, value in binding.arguments.items() if type(value) not in (types[name], type(None))}
    assert list(binding.arguments) == list(types)
    assert wrong == {}


@given(text=st.text() | st.from_regex(r"\s*[-+]?(0[xX]|#|&[hH])?[0-9A-Fa-f]{1,20}\s*\x00*"))
def test_any_text_is_an_int32_or_an_error(text: str) -> None:
    binding = bind_value(ID_TYPE, text)

    numbers = (0, None) if binding.errors else range(-(2**31), 2**31)
    assert binding.arguments["idType"] in numbers
    assert len(binding.errors) <= 1


@given(number=st.integers(-(2**31), 2**31 - 1))
def test_every_int32_binds_to_itself_in_decimal_and_hexadecimal(number: int) -> None:
    decimal = bind_value(ID_TYPE, str(number))
    hexadecimal = bind_value(ID_TYPE, f"0x{number % 2**32:x}")

    assert decimal == hexadecimal == Binding({"idType": number}, (), None)


@pytest.mark.parametrize(
    "query",
    [
        "&" * 100_000,
        "%" * 100_000,
        "%41" * 33_000,
        "[]" * 50_000,
        "[" * 100_000,
        "[" * 99_999 + "]",
        "idType=" + "0" * 100_000,
        "idType=" + "9" * 100_000,
        "idType=%23" + "F" * 100_000,
        "idType=1" + "%00" * 33_000 + "x",
        "idType=1" + "+" * 100_000 + "x",
        "idType=" + "+" * 100_000,
        "idType=x&" * 10_000,
    ],
    ids=lambda query: f"{query[:12]}...{query[-3:]}",
)
def test_a_query_as_long_as_a_server_takes_is_bound(query: str) -> None:
    binding = bind_arguments(CUSTOMER, {"id": "1"}, read_query(query, ignore_unclosed=True))

    assert binding.arguments["id"] == "1"
