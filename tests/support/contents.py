"""Contents of fixture files, sound and wrong: all that the readers know, in any place."""

from hypothesis import strategies as st

_NAMES = (
    *("schema", "records", "answers", "name", "operation", "when", "reply", "unchecked", "status", "headers", "times"),
    *("delay", "fault", "sequence", "cycle", "chance", "body_file", "uniform", "dribble", "call", "parameters", "body"),
    *("text", "matches", "id", "idType", "idTypeExtRef", "PersonalId", "Sex", "DOB", "CustomProperties"),
    *("Content-Type", "a.b", "a\nb", "<<", ""),
)
_TEXTS = (
    *("Customer", "getCustomer", "", " ", "(", "404", "1984-03-12", "null", "application/json", "x" * 99),
    *("{id}", "{{id}}", "{x}", "{", "reset", "dribble", "a.json", "..", "/", "a\0b", "\ud800"),
)
_KEY = st.sampled_from(_NAMES)
_SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 600),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(_TEXTS),
)
_VALUE = st.recursive(
    _SCALAR, lambda below: st.lists(below, max_size=3) | st.dictionaries(_KEY, below, max_size=4), max_leaves=12
)
_PARTS: dict[str, st.SearchStrategy[object]] = {
    "status": st.sampled_from([200, 204, 404, 405, 500, 503, "404"]),
    "headers": st.dictionaries(_KEY, _VALUE, max_size=3),
    **dict.fromkeys(("body", "delay", "fault"), _VALUE),
    **dict.fromkeys(("text", "body_file", "chance", "cycle"), _SCALAR),
}
_REPLY = st.fixed_dictionaries({}, optional=_PARTS)
_SEQUENCE = st.fixed_dictionaries({"sequence": st.lists(_REPLY | _VALUE, max_size=3)}, optional=_PARTS)
_ANSWER = st.fixed_dictionaries(
    {"name": _SCALAR, "operation": st.just("getCustomer"), "reply": _REPLY | _SEQUENCE},
    optional={"when": st.dictionaries(_KEY, _VALUE, max_size=2), "times": _SCALAR, "unchecked": _SCALAR},
)
CONTENTS = _VALUE | st.fixed_dictionaries(
    {"schema": st.just("Customer"), "records": st.lists(st.dictionaries(_KEY, _VALUE, max_size=5), max_size=3)},
    optional={"answers": st.lists(_VALUE | _ANSWER, max_size=3)},
)
