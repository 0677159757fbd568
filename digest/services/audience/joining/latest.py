"""What a new subscriber is shown of a list: its latest edition that went out to all."""

from dataclasses import dataclass

from digest.model import EditionContent, EditionKind, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.editions import archive

LOOKED_AT = 20
HEADLINES = 5


@dataclass(frozen=True, slots=True)
class LatestEdition:
    """An edition's number, and its first headlines as plain text."""

    number: int
    headlines: tuple[str, ...]


async def latest_edition(app: App, mailing_list: MailingList) -> LatestEdition | None:
    """Return the newest regular edition that was mailed; None when there is none yet."""
    async with app.database.read() as session:
        found = await archive.whole(session, row_id(mailing_list), LOOKED_AT)
    for one in found:
        if one.kind is not EditionKind.BREAKING and one.content:
            content = EditionContent.model_validate(one.content)
            return LatestEdition(one.number, tuple(story.headline for story in content.stories[:HEADLINES]))
    return None
