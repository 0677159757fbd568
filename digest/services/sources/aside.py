"""What is noted in English of items that were put aside, as its kind and its values: pages say it in any
language.
"""

import re
from collections.abc import Mapping

KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("empty", re.compile(r"Item (?P<n>\d+): it has no title, no text and no link\.")),
    ("broken", re.compile(r"Item (?P<n>\d+): it is no object\.")),
    ("no_address", re.compile(r"Entry (?P<n>\d+) of the sitemap: it has no address\.")),
    ("more", re.compile(r"(?P<n>\d+) more items were left out for such reasons\.")),
    (
        "older",
        re.compile(r"(?P<n>\d+) older items were left out: at most (?P<most>\d+) are taken in one visit\."),
    ),
    ("below", re.compile(r"(?P<n>\d+) items below the first (?P<most>\d+) were not read\.")),
    (
        "untitled",
        re.compile(
            r"(?P<what>.*): left out, (?:neither it nor its page tells a title|no title)\.", re.DOTALL
        ),
    ),
    ("unread", re.compile(r"(?P<what>.*?): put aside\. .*", re.DOTALL)),
)


def aside_of(line: str) -> tuple[str, Mapping[str, str]]:
    """Return the kind of a line, and what it is filled in with; "" for a line that is not known."""
    for kind, said in KNOWN:
        if found := said.fullmatch(line):
            return kind, found.groupdict()
    return "", {}
