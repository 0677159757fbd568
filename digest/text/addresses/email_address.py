"""The one spelling of an e-mail address."""

from email_validator import EmailNotValidError, validate_email

from digest.errors import InputError


def normalised(address: str) -> str:
    """Return the one spelling under which an address is kept: trimmed, small letters, domain in ASCII.

    Raises:
        InputError: it is no address that mail could be sent to.
    """
    try:
        found = validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InputError(f"{address.strip()!r} is no e-mail address: {error}") from error
    local = found.local_part.lower()
    return f"{local}@{found.ascii_domain.lower()}"
