"""Foreign words as a terminal may show them: whatever would steer it, or hide in it, is written out."""

import json
import re

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Control characters but line end and tab, overrides and embeddings of direction, what is unseen, halves of
characters.
"""
LINE_ENDS = re.compile(r"[\r\n\t]+")


def visible(text: str) -> str:
    r"""Return a text in which nothing steers the terminal: ESC is shown as `\x1b`. Its lines and tabs stay."""
    return STEERING.sub(_written, text)


def one_line(text: str) -> str:
    """Return a text as `visible` does, in one line: a stranger's line end begins no line of ours."""
    return visible(LINE_ENDS.sub(" ", text))


def escaped_json(written: str) -> str:
    """Return JSON that means the same, and in which nothing steers the terminal."""
    return STEERING.sub(lambda found: json.dumps(found[0]).strip('"'), written)


def _written(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
