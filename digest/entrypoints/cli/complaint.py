"""How an error reaches a person on the command line."""

import sys

from digest.errors import DigestError


def complain(error: DigestError) -> None:
    """Print an error as one line."""
    sys.stderr.write("digest: " + " ".join(str(error).split()) + "\n")
