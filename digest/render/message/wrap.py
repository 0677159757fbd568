"""Breaking the lines of HTML where a line end means the same as a blank, so that SMTP can carry it as it
is.
"""

import re

LONGEST = 998
"""Octets that a line may have without its line end (RFC 5322, section 2.1.1)."""

ROOM_FOR_VALUES = 300
"""Octets that HTML lines leave for what is spliced into them, so that the 8-bit form rarely has to give way
to base64.
"""

SEAM = re.compile(
    r">(?P<gap>(?<=</table>)[ \r\n]*\n(?=<table\b)|(?<=-->)[ \r\n]*\n(?=<style\b)|(?<=</style>)[ \r\n]*\n(?=</head>))"
)
"""Blanks (`gap`) between elements that stand alone: how many there are means nothing."""

_PIECE = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>style|script|pre|textarea)\b.*?</(?P=raw)\s*>"
    r"|<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>"
    r"|[^<]+"
    r"|<",
    re.IGNORECASE | re.DOTALL,
)
_TAG_GAP = re.compile(r"(\"[^\"]*\"|'[^']*')| ")


def wrapped(html: str, longest: int = LONGEST) -> str:
    """Return HTML in which a blank became a line end wherever a line would be longer than `longest` octets in
    UTF-8.

    Only blanks between words of running text and between attributes are used: never one in an attribute's
    value, a comment, a style sheet or preformatted text. A line without such a blank stays as long as it is.
    Where a blank before it means nothing, as in a style sheet, no line begins with a dot: SMTP would double
    it.
    """
    html = _without_dots(html) if "\n." in html else html
    # A letter has four octets at most: most lines need not be encoded to know that they are short.
    if all(len(line) * 4 <= longest or len(line.encode()) <= longest for line in html.split("\n")):
        return html
    made: list[str] = []
    length = 0
    for atom in _atoms(html):
        first, *rest = atom.split("\n")
        size = len(first.encode())
        if length and length + size > longest and first.startswith(" "):
            made.append("\n" + atom[1:])
            length = size - 1
        else:
            made.append(atom)
            length += size
        if rest:
            length = len(rest[-1].encode())
    return "".join(made)


def _without_dots(html: str) -> str:
    made = []
    for piece in _PIECE.finditer(html):
        raw, text = (piece["raw"] or "").lower(), piece[0]
        # A blank counts in preformatted text, in a script and in an attribute's value.
        kept = text.startswith("<") and raw != "style" and not text.startswith("<!--")
        made.append(text if kept else text.replace("\n.", "\n ."))
    return "".join(made)


def _atoms(html: str) -> list[str]:
    """Cut HTML before every blank that may become a line end; the pieces joined are the HTML."""
    marked: list[str] = []
    for piece in _PIECE.finditer(html):
        text = piece[0]
        if piece["raw"] or text.startswith("<!"):
            marked.append(text)
        elif text.startswith("<"):
            marked.append(_TAG_GAP.sub(lambda gap: gap[0] if gap[1] else "\0 ", text))
        else:
            marked.append(text.replace(" ", "\0 "))
    return "".join(marked).split("\0")
