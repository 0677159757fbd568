"""The rendered mail, with placeholders that MIME building fills for each subscriber."""

from enum import StrEnum

from digest.model.news.story import Value


class Token(StrEnum):
    """What stands in a rendered edition where each subscriber's own value will go.

    Templates write tokens into href attributes and into the text part; inliners and encoders leave them
    alone. Every token that a rendering holds must be filled; none may reach a reader.
    """

    UNSUBSCRIBE = "__MUJAZ_UNSUBSCRIBE__"
    PREFERENCES = "__MUJAZ_PREFERENCES__"
    EMAIL = "__MUJAZ_EMAIL__"
    GREETING = "__MUJAZ_GREETING__"


class RenderedEdition(Value):
    """One mail as the templates made it: styles inlined, tokens still in it, the same for all who share its
    choices.

    `subject` is plain text without tokens; `text` and `html` end with a line end and use LF. `language` is
    the list's.
    """

    subject: str
    text: str
    html: str
    language: str = "ar"
