"""Check that a database exists where a command needs one."""

import sys

from digest.errors import InputError
from digest.storage.database.database_file import missing_file


def require_database(url: str, *, creates: bool) -> None:
    """Refuse where there is no embedded database yet; a command that begins something says that it makes one.

    Raises:
        InputError: there is none, and the command only works on one.
    """
    file = missing_file(url)
    if file is None:
        return
    if not creates:
        raise InputError(
            f"There is no database here: {file} does not exist or is empty.",
            remedy="Go to the folder that holds it, set DIGEST_DATABASE__URL, or begin with `digest run --demo`, "
            "`digest sources add URL` or `digest db upgrade`.",
        )
    sys.stderr.write(f"Making a new database: {file}\n")
