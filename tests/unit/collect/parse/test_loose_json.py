"""JSON as the web writes it."""

import pytest

from digest.collect.parse.loose_json import loads

MEANT = {"a": [1, "x//y, ]"], "b": "ب"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, "x//y, ]"], "b": "ب"}',
        '\ufeff{"a": [1, "x//y, ]",], "b": "ب" , };',
        '<!-- {"a": [1, "x//y, ]"], "b": "ب"} -->',
        '//<![CDATA[\n{"a": [1, "x//y, ]"], "b": "ب"}\n//]]>',
        '/*<![CDATA[*/{"a": [1, "x//y, ]"], "b": "ب"}/*]]>*/',
        '{"a": [1, /* one */ "x//y, ]"], // two\n "b": "ب"}',
        "{&quot;a&quot;: [1, &quot;x//y, ]&quot;], &quot;b&quot;: &quot;ب&quot;}",
    ],
)
def test_json_with_comments_commas_and_wrappers_is_read(text: str):
    assert loads(text) == MEANT


def test_line_breaks_and_needless_backslashes_in_strings_are_taken():
    assert loads('{"a": "x\n\ty"}') == {"a": "x\n\ty"}
    assert loads('{"a": "it\\\'s"}') == {"a": "it's"}
    assert loads('{"a": 1}\n{"b": 2}') == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("text", ["", "{", "no json", '{"a": }', '{"a": 1} x', '"', "[" * 50 + "x"])
def test_what_is_no_json_is_said_so(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - what json raises, whatever its words
        loads(text)
