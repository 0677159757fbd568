"""What a command says when it refuses."""

ANNOUNCED = "Making a new database"
"""A command that makes a database says so before anything else."""


def sentences(stderr: str) -> list[str]:
    """Return the lines on stderr, without the announcement of a new database."""
    return [line for line in stderr.strip().splitlines() if not line.startswith(ANNOUNCED)]
