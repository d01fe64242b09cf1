"""How a query and a path become arguments. The rows for the Customers operation were recorded from the framework."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.contract.contract import Parameter
from mockserver.documents.nodes import WHITE_SPACE, Scalar
from mockserver.vendors.aspnet.binding import Binding, ModelError, UnclosedBracketError, bind_arguments, read_query


def optional(name: str, kind: str, *, default: Scalar, required: bool = False) -> Parameter:
    type_, _, form = kind.partition(" ")
    return Parameter(name, "query", type_, form, is_required=required, default=default, selects=None)


ID = Parameter("id", "path", "string", "", is_required=True, default=None, selects=None)
ID_TYPE = optional("idType", "integer int32", default=0)
ID_TYPE_EXT_REF = optional("idTypeExtRef", "string", default="")
CUSTOMER = (ID, ID_TYPE, ID_TYPE_EXT_REF)
REQUIRED_ID_TYPE = optional("idType", "integer int32", default=None, required=True)
LONG = optional("n", "integer int64", default=0)
FLAG = optional("flag", "boolean", default=False)
NULLABLE = optional("limit", "integer int32", default=None)

Errors = tuple[ModelError, ...]


def bind(query: str, parameters: tuple[Parameter, ...] = CUSTOMER, path_id: str = "1") -> Binding:
    return bind_arguments(parameters, {"id": path_id}, read_query(query, ignore_unclosed=False))


def bind_value(parameter: Parameter, text: str) -> Binding:
    return bind_arguments((parameter,), {}, {parameter.name.lower(): [text]})


def customer(*arguments: Scalar, errors: Errors = (), null: str | None = None) -> Binding:
    return Binding(dict(zip(("id", "idType", "idTypeExtRef"), arguments, strict=True)), errors, null)


def invalid(key: str, text: str, kind: str = "Int32") -> ModelError:
    return ModelError(key, f"The value '{text}' is not valid for {kind}.", is_blank=False)


def overflow(key: str) -> ModelError:
    return ModelError(key, "An error has occurred.", is_blank=False)


def blank(key: str) -> ModelError:
    return ModelError(key, "A value is required but was not present in the request.", is_blank=True)


# Names and values


@pytest.mark.parametrize(
    "query",
    [
        *("", "foo=bar", "foo", "callback=cb", "action=Post", "controller=Foo", "%20", "+", "%23", "?idType=1"),
        *("idType%3D1", "idType+=1", "+idType=1", "idType.x=1", "a.b=1", "idType[0]=1", "idType%5B0%5D=5"),
        *("idType[a]=1", "idType]=1", "[a]=1", "a[b][c]=1", "a" + 200 * "[x]" + "=1"),
        "&".join(f"k{number}=1" for number in range(1001)),
    ],
)
def test_unknown_names_are_ignored(query: str) -> None:
    assert bind(query) == customer("1", 0, "")


@pytest.mark.parametrize(
    "query",
    [
        *("idType=1", "IDTYPE=1", "IdType=1", "idtype=1", "idType[]=1", "idType[][]=1", "idType%5B%5D=1"),
        *("idType=1&idType=abc", "idType=1&idType=2&idType=3", "idType=1&IDTYPE=2", "idType=1&idType="),
    ],
)
def test_names_ignore_case_and_the_first_binds(query: str) -> None:
    assert bind(query) == customer("1", 1, "")


@pytest.mark.parametrize("query", ["id=3", "ID=3", "iD=3", "%69d=3", "id[]=3", "id=3&id=4"])
def test_query_comes_before_the_route(query: str) -> None:
    assert bind(query) == customer("3", 0, "")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        *(("idTypeExtRef=a&idTypeExtRef=b", "a"), ("idTypeExtRef=a&idtypeextref=b", "a"), ("IDTYPEEXTREF=a", "a")),
        *(("idTypeExtRef[]=a", "a"), ("idTypeExtRef=a+b", "a b"), ("idTypeExtRef=%22a%22", '"a"')),
        ("idTypeExtRef=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert(1)</script>"),
        *(("idTypeExtRef=a%23b", "a#b"), ("idTypeExtRef=~-._", "~-._"), ("idTypeExtRef=a%4", "a%4")),
        ("idTypeExtRef=Zo%C3%AB%20%E6%97%A5%E6%9C%AC%20%F0%9F%98%80", "Zoë 日本 😀"),
        *(("idTypeExtRef=%c3%A9", "é"), ("idTypeExtRef=a=b", "a=b")),
    ],
)
def test_values_are_decoded(query: str, text: str) -> None:
    assert bind(query) == customer("1", 0, text)


# Conversions


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        *((ID_TYPE, text, 1) for text in ("1", "+1", "0" * 5000 + "1", " 1 ", "\t1\n", "\xa01\u3000")),
        *((ID_TYPE, text, 1) for text in ("1\0", "1\0\0", "1 \0", "1\0 ")),
        *((ID_TYPE, text, 0) for text in ("0", "-0")),
        *((ID_TYPE, str(each), each) for each in (-1, 2147483647, -2147483648)),
        *((ID_TYPE, text, 16) for text in ("0x10", "&h10", "&H10", "#10", " 0x10 ", "0x0000000000000010")),
        *((ID_TYPE, text, 16) for text in ("0x+10", "0x0x10", "#+0X10")),
        *((ID_TYPE, "007", 7), (ID_TYPE, "0X1F", 31), (ID_TYPE, "#ff", 255), (ID_TYPE, "0x7FFFFFFF", 2147483647)),
        *((ID_TYPE, "0x80000000", -2147483648), (ID_TYPE, "0xFFFFFFFF", -1)),
        *((LONG, str(each), each) for each in (2147483648, 9223372036854775807, -9223372036854775808)),
        *((LONG, "0xFFFFFFFF", 4294967295), (LONG, "0x7FFFFFFFFFFFFFFF", 9223372036854775807)),
        (LONG, "0xFFFFFFFFFFFFFFFF", -1),
        *((FLAG, text, True) for text in ("true", "True", "TRUE", "tRuE", " true ", "\u3000true\0", "\0 true")),
        *((optional("flag", "boolean", default=True), text, False) for text in ("false", "False")),
        # It only looks blank.
        *((ID_TYPE_EXT_REF, text, text) for text in ("\0", "\x1c", "\x1f", "\u200b", "\ufeff", "\u180e")),
    ],
)
def test_every_form_that_dotnet_takes_is_converted(parameter: Parameter, text: str, value: Scalar) -> None:
    binding = bind_value(parameter, text)

    assert binding == Binding({parameter.name: value}, (), None)
    assert type(binding.arguments[parameter.name]) is type(value)


NO_INT32 = (
    *("abc", "1.0", "1.", "1e3", "1E0", "1,000", "1,2", "1_000", "(1)", "$1", "1L", "1d", "--1", "1-", "-", "+"),
    *("1 2", "- 1", "-0x10", "0b1", "0xZZ", "0x1G", "0x 10", "0x0x", "0x+", "0x10\0", "h10", "1\0001", "\0001"),
    *("\x1c1", "1\x1f", "\u22121", "\ufeff1", "\u00b2", "\u0661", "\uff11", "null", "true", "false", "NaN"),
    *("Infinity", "<script>", "a\nb", "{0}", "{1}{{", "=1", "1=2", "1?x", "1&idTypeExtRef=x", "😀", "99999999999x"),
    "x" * 300,
)


@pytest.mark.parametrize(
    ("parameter", "kind", "text"),
    [
        *((ID_TYPE, "Int32", text) for text in NO_INT32),
        (LONG, "Int64", "1.5"),
        *((FLAG, "Boolean", text) for text in ("1", "0", "yes", "on", "t", "true1", "tr ue", "truё")),
    ],
)
def test_other_text_keeps_the_default_and_is_told(parameter: Parameter, kind: str, text: str) -> None:
    binding = bind_value(parameter, text)

    assert binding == Binding({parameter.name: parameter.default}, (invalid(parameter.name, text, kind),), None)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        *((ID_TYPE, text) for text in ("2147483648", "-2147483649", "9" * 40, "-" + "9" * 5000, "0x", "#", "&h")),
        *((ID_TYPE, text) for text in ("0x-1", "#-", "0x100000000", "0x100000000ZZ", "#" + "F" * 5000)),
        *((LONG, text) for text in ("9223372036854775808", "-9223372036854775809", "9" * 20, "0x10000000000000000")),
    ],
)
def test_overflow_is_an_error_without_its_text(parameter: Parameter, text: str) -> None:
    binding = bind_value(parameter, text)

    assert binding == Binding({parameter.name: 0}, (overflow(parameter.name),), None)
    assert [f"System.{'Int64' if parameter is LONG else 'Int32'}" in each.detail for each in binding.errors] == [True]


def test_message_joins_repeated_values() -> None:
    assert bind("idType=abc&idType=1&IDTYPE=").errors == (invalid("idType", "abc,1,"),)


# Blank values, and the key without a name

ID_TYPE_BLANK, REFERENCE_BLANK = blank("idType.Int32"), blank("idTypeExtRef.String")
BOTH_BLANK = (ID_TYPE_BLANK, REFERENCE_BLANK)


@pytest.mark.parametrize(
    ("query", "binding"),
    [
        *((f"idTypeExtRef{rest}", customer("1", 0, None, errors=(REFERENCE_BLANK,))) for rest in ("", "=", "=%20%20")),
        *(
            (f"idTypeExtRef{rest}", customer("1", 0, None, errors=(REFERENCE_BLANK,)))
            for rest in ("=%C2%A0", "=%C2%85%E2%80%83")
        ),
        *((query, customer(None, 0, "", errors=(blank("id.String"),))) for query in ("id", "id=%20", "id=&id=3")),
        ("idTypeExtRef=&idType=abc", customer("1", 0, None, errors=(invalid("idType", "abc"), REFERENCE_BLANK))),
        # An integer cannot be null.
        *(
            (f"idType{rest}", customer("1", None, "", errors=(ID_TYPE_BLANK,), null="idType"))
            for rest in ("", "=", "=%20")
        ),
        ("idType=&idType=2", customer("1", None, "", errors=(ID_TYPE_BLANK,), null="idType")),
        ("idType=&idTypeExtRef=", customer("1", None, None, errors=BOTH_BLANK, null="idType")),
        # The key without a name is every parameter that is not given.
        *((query, customer("1", None, None, errors=BOTH_BLANK, null="idType")) for query in ("&", "=", "foo=1&")),
        ("idTypeExtRef=x&", customer("1", None, "x", errors=(ID_TYPE_BLANK,), null="idType")),
        *((query, customer("1", 1, None, errors=(REFERENCE_BLANK,))) for query in ("&idType=1", "idType=1&")),
        *((query, customer("1", 1, "x")) for query in ("idType=1&&idTypeExtRef=x", "idType=1&idTypeExtRef=x&")),
        *(("=5", customer("1", 5, "5")), ("[]=5", customer("1", 5, "5")), ("=x&idType=1", customer("1", 1, "x"))),
        ("=x", customer("1", 0, "x", errors=(invalid("", "x"),))),
        ("=a&=b", customer("1", 0, "a", errors=(invalid("", "a,b"),))),
        ("=0x", customer("1", 0, "0x", errors=(overflow(""),))),
        # It is tried for text that cannot be converted, too.
        ("idTypeExtRef=x&idType=abc&=5", customer("1", 5, "x", errors=(invalid("idType", "abc"),))),
        ("idTypeExtRef=x&idType=abc&=z", customer("1", 0, "x", errors=(invalid("idType", "abc"), invalid("", "z")))),
        ("idTypeExtRef=x&idType=abc&", customer("1", None, "x", errors=(invalid("idType", "abc"),), null="idType")),
    ],
)
def test_blank_value_is_null_and_an_error(query: str, binding: Binding) -> None:
    assert bind(query) == binding


@pytest.mark.parametrize("path_id", [" ", "\t", "  ", "\xa0"])
def test_blank_id_in_the_path_is_null(path_id: str) -> None:
    errors = (blank("id.String"), invalid("idType", "abc"))

    assert bind("idType=abc", path_id=path_id) == customer(None, 0, "", errors=errors)


def test_white_space_is_pythons_without_four_characters() -> None:
    spaces = {character for character in map(chr, range(0x10000)) if character.isspace()}

    assert set(WHITE_SPACE) == spaces - set("\x1c\x1d\x1e\x1f")


def test_first_parameter_that_cannot_be_null_is_named() -> None:
    other = optional("other", "boolean", default=True)

    binding = bind("other=&idType=", (ID, ID_TYPE, other))

    errors = (ID_TYPE_BLANK, blank("other.Boolean"))
    assert binding == Binding({"id": "1", "idType": None, "other": None}, errors, null_argument="idType")


@pytest.mark.parametrize(
    ("parameter", "query", "value", "errors", "null"),
    [
        (REQUIRED_ID_TYPE, "idType=0x10", 16, (), None),
        (REQUIRED_ID_TYPE, "idType=%20", None, (ID_TYPE_BLANK,), "idType"),
        (REQUIRED_ID_TYPE, "idType=null", None, (invalid("idType", "null"),), "idType"),
        (REQUIRED_ID_TYPE, "idType=abc&idType=1", None, (invalid("idType", "abc,1"),), "idType"),
        (REQUIRED_ID_TYPE, "", None, (), "idType"),
        *((NULLABLE, "", None, (), None), (NULLABLE, "limit=7", 7, (), None)),
        (NULLABLE, "limit=", None, (blank("limit.Nullable`1"),), None),
        (NULLABLE, "limit=x", None, (invalid("limit", "x", "Nullable`1"),), None),
    ],
)
def test_parameter_without_a_default_may_be_null(
    parameter: Parameter, query: str, value: Scalar, errors: Errors, null: str | None
) -> None:
    assert bind(query, (parameter,)) == Binding({parameter.name: value}, errors, null)


# The query


@pytest.mark.parametrize(
    ("query", "values"),
    [
        *((None, {}), ("", {}), ("a=1", {"a": ["1"]}), ("A=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]})),
        *(("a", {"a": [""]}), ("a=", {"a": [""]}), ("&", {"": ["", ""]}), ("a=1&", {"a": ["1"], "": [""]})),
        *(("a=1;b=2", {"a": ["1;b=2"]}), ("a%3Db=%26", {"a=b": ["&"]}), ("a%26b=1", {"a&b": ["1"]})),
        *(("a=%zz%u0041%", {"a": ["%zz%u0041%"]}), ("a=%FC", {"a": ["\ufffd"]}), ("a=%2520", {"a": ["%20"]})),
        ("a=é", {"a": ["é"]}),
        # Brackets become dots, unless they hold an index.
        *(("[]", {"": [""]}), ("a[]", {"a": [""]}), ("a[b]", {"a.b": [""]}), ("a[b][c]", {"a.b.c": [""]})),
        *(("a[b]c", {"a.bc": [""]}), ("a[0]", {"a[0]": [""]}), ("a[0x]", {"a[0x]": [""]}), ("a[٣]", {"a[٣]": [""]})),
        *(("a[²]", {"a.²": [""]}), ("a[0][b]", {"a[0].b": [""]}), ("[a]", {".a": [""]}), ("a]", {"a]": [""]})),
        ("a[[b]", {"a.[b": [""]}),
    ],
)
def test_query_is_its_keys_and_their_values(query: str | None, values: dict[str, list[str]]) -> None:
    assert read_query(query, ignore_unclosed=False) == read_query(query, ignore_unclosed=True) == values


@pytest.mark.parametrize("query", ["a[=1", "a[b=1", "[", "a]b[=1", "a[0][=1", "a%5B=1", "a[b=c]"])
def test_unclosed_bracket_refuses_the_query_or_is_ignored(query: str) -> None:
    with pytest.raises(UnclosedBracketError):
        read_query(f"idType=1&{query}", ignore_unclosed=False)

    assert read_query(f"{query}&idType=1", ignore_unclosed=True) == {"idtype": ["1"]}


# Anything at all

QUERIES = st.text() | st.text(alphabet="ab&=[]%+.0Fx \t\0\ud800é")


@given(query=QUERIES)
@example(query="%" * 1000)
def test_query_without_opening_brackets_is_never_refused(query: str) -> None:
    query = query.replace("[", "").replace("%5B", "").replace("%5b", "")

    assert read_query(query, ignore_unclosed=False) == read_query(query, ignore_unclosed=True)


@given(path_id=st.text(), query=QUERIES)
@example(path_id="1", query="%" * 1000)
def test_any_request_binds_every_parameter(path_id: str, query: str) -> None:
    parameters = (*CUSTOMER, LONG, FLAG, NULLABLE)

    values = read_query(query, ignore_unclosed=True)
    arguments = bind_arguments(parameters, {"id": path_id}, values).arguments

    types = {"id": str, "idType": int, "idTypeExtRef": str, "n": int, "flag": bool, "limit": int}
    assert all(values.values())
    assert list(arguments) == list(types)
    assert [name for name in types if type(arguments[name]) not in (types[name], type(None))] == []


@given(text=st.text() | st.from_regex(r"\s*[-+]?(0[xX]|#|&[hH])?[0-9A-Fa-f]{1,20}\s*\x00*"))
def test_any_text_is_an_int32_or_an_error(text: str) -> None:
    binding = bind_value(ID_TYPE, text)

    assert binding.arguments["idType"] in ((0, None) if binding.errors else range(-(2**31), 2**31))
    assert len(binding.errors) <= 1


@given(number=st.integers(-(2**31), 2**31 - 1))
def test_every_int32_binds_to_itself(number: int) -> None:
    decimal, hexadecimal = (bind_value(ID_TYPE, text) for text in (str(number), f"0x{number % 2**32:x}"))

    assert decimal == hexadecimal == Binding({"idType": number}, (), None)


@pytest.mark.parametrize(
    "query",
    [
        *("&" * 100_000, "%" * 100_000, "%41" * 33_000, "[]" * 50_000, "[" * 100_000, "[" * 99_999 + "]"),
        *("idType=" + "0" * 100_000, "idType=" + "9" * 100_000, "idType=%23" + "F" * 100_000),
        *("idType=1" + "%00" * 33_000 + "x", "idType=1" + "+" * 100_000 + "x", "idType=" + "+" * 100_000),
        "idType=x&" * 10_000,
    ],
    ids=lambda query: f"{query[:12]}...{query[-3:]}",
)
def test_very_long_query_is_bound(query: str) -> None:
    binding = bind_arguments(CUSTOMER, {"id": "1"}, read_query(query, ignore_unclosed=True))

    assert binding.arguments["id"] == "1"
