"""How an error reaches a person on the command line."""

import sys

from digest.errors import DigestError
from digest.settings.hidden import redacted, redacted_traceback
from digest.text.direction.visible import one_line, visible


def complain(error: DigestError) -> None:
    """Print an error as one line, without secrets and without anything that would steer the terminal."""
    sys.stderr.write("digest: " + one_line(redacted(" ".join(str(error).split()))) + "\n")


def break_off(error: Exception) -> None:
    """Print the trace of an error that should not be, as `complain` does an expected one."""
    sys.stderr.write(visible(redacted_traceback(error)))
