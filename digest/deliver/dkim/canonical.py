"""The relaxed forms of header and body that are signed (RFC 6376 §3.4). Pure."""

import re

_RUNS = re.compile(rb"[\t ]+")
_TRAILING = re.compile(rb"[\t ]+\r\n")


def relaxed_body(body: bytes) -> bytes:
    """Return a body of CRLF lines in relaxed form: runs of blanks made one, none before a line end, no empty
    lines last.
    """
    body = relaxed_lines(body if body.endswith(b"\r\n") or not body else body + b"\r\n")
    end = len(body)
    while end >= 4 and body[end - 4 : end] == b"\r\n\r\n":
        end -= 2
    return b"" if body[:end] == b"\r\n" else body[:end]


def relaxed_lines(body: bytes) -> bytes:
    """Return lines with their runs of blanks made one and none before a line end; base64 is such already."""
    if b"  " in body or b"\t" in body or b" \r\n" in body:
        return _RUNS.sub(b" ", _TRAILING.sub(b"\r\n", body))
    return body


def relaxed_header(name: bytes, value: bytes) -> bytes:
    """Return one header field in relaxed form, with its line end."""
    unfolded = value.replace(b"\r\n", b"")
    if b"  " in unfolded or b"\t" in unfolded:
        unfolded = _RUNS.sub(b" ", unfolded)
    unfolded = unfolded.strip(b" ")
    return name.strip().lower() + b":" + unfolded + b"\r\n"


def fields(header: bytes) -> list[tuple[bytes, bytes]]:
    """Split a header of CRLF lines into (name, raw value), in order. Names are as written; folds stay in the
    values.
    """
    found: list[tuple[bytes, bytes]] = []
    for line in header.split(b"\r\n"):
        if line[:1] in {b" ", b"\t"} and found:
            name, value = found[-1]
            found[-1] = (name, value + b"\r\n" + line)
        elif line:
            name, _, value = line.partition(b":")
            found.append((name, value))
    return found
