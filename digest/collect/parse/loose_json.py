"""Parse JSON with comments, trailing commas and raw line breaks."""

import json
import re
from html import unescape
from typing import Any

FILLER = " \t\r\n\ufeff\u200b\x00"
WRAPPERS = ("<!--", "-->", "//<![CDATA[", "//]]>", "/*<![CDATA[*/", "/*]]>*/", "<![CDATA[", "]]>", "//")
MOST_LAYERS = 6
PLAIN = re.compile(r'[^"/\]}]+')
IN_STRING = re.compile(r'[^"\\]+')


def loads(text: str) -> Any:
    """Return what a JSON text says, read as leniently as can be done without guessing.

    Taken besides JSON: a byte order mark, the comment marks and CDATA marks that wrap scripts, comments, a
    comma before a closing bracket, a semicolon at the end, raw line breaks and tabs in strings, a backslash
    before a character that needs none. Of several values one after another the list is returned.

    Raises:
        ValueError: it is no JSON even so.
        RecursionError: it is nested too deep.
    """
    bare = _unwrapped(text)
    try:
        return json.loads(bare, strict=False)
    except ValueError:
        pass
    mended = _mended(bare)
    try:
        return json.loads(mended, strict=False)
    except ValueError:
        if "&quot;" in bare and '"' not in bare:
            return json.loads(_mended(unescape(bare)), strict=False)
        return _one_after_another(mended)


def _unwrapped(text: str) -> str:
    for _ in range(MOST_LAYERS):
        text = text.strip(FILLER).rstrip(";")
        before = text
        for mark in WRAPPERS:
            text = text.removeprefix(mark).removesuffix(mark)
        if text == before:
            break
    return text


def _mended(text: str) -> str:
    """Take comments and commas too many away, outside of strings; undo needless backslashes inside. One
    pass.
    """
    out: list[str] = []
    place, length = 0, len(text)
    while place < length:
        letter = text[place]
        if letter == '"':
            place = _string(text, place, out)
        elif text.startswith("//", place):
            end = text.find("\n", place)
            place = length if end < 0 else end
        elif text.startswith("/*", place):
            end = text.find("*/", place + 2)
            place = length if end < 0 else end + 2
        else:
            if letter in "]}":
                _drop_comma(out)
            run = PLAIN.match(text, place)
            out.append(run[0] if run else letter)
            place += len(out[-1])
    return "".join(out)


def _string(text: str, place: int, out: list[str]) -> int:
    """Copy the string that begins at `place`; return where it ends."""
    out.append('"')
    place += 1
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            following = text[place + 1 : place + 2]
            out.append(f"\\{following}" if following and following in '"\\/bfnrtu' else following)
            place += 2
            continue
        run = IN_STRING.match(text, place)
        out.append(run[0] if run else letter)
        place += len(out[-1])
        if letter == '"':
            break
    return place


def _drop_comma(out: list[str]) -> None:
    """Drop a comma that only blanks separate from the end; the blanks go with it."""
    pieces = len(out)
    while pieces and not (left := out[pieces - 1].rstrip()):
        pieces -= 1
    if pieces and left.endswith(","):
        out[pieces - 1 :] = [left[:-1]]


def _one_after_another(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    place = 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        found.append(value)
        while place < len(text) and text[place] in FILLER + ",;":
            place += 1
    if len(found) < 2:
        raise ValueError("no JSON")
    return found
