"""Build one message, signed when there is a key."""

from digest.render.message.mime import PreparedMessage, Recipient
from digest.services.app import App


def sign_message(
    app: App, prepared: PreparedMessage, recipient: Recipient, *, eight_bit: bool = False
) -> list[bytes]:
    """Return a subscriber's message as it goes on the wire, in pieces; of its body, what is alike for all is hashed once.

    Raises:
        InputError: as `PreparedMessage.build`.
    """
    if app.signer is None:
        return prepared.pieces(recipient, eight_bit=eight_bit)
    parts = prepared.split(recipient, eight_bit=eight_bit)
    signatures = app.signer.header(parts.header, parts.opening, parts.rest)
    return [signatures, parts.header, parts.opening, parts.rest]
