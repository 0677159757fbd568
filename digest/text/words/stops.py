"""The stop at the end of a sentence. Pure."""

import re

_ENDED = re.compile("[.!?\u061f\u06d4\u2026][\\s»”\"')\\]\u2019\u200f]*\\Z")


def with_stop(text: str, language: str = "ar") -> str:
    """Return a sentence with a stop at its end, as its language writes it; one that has one, and an empty
    text, come back as they are.
    """
    text = text.rstrip()
    if not text or _ENDED.search(text[-20:]):
        return text
    return text.rstrip(" ،,؛;:") + ("\u06d4" if language == "ur" else ".")
