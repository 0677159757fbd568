"""An alert that turned out wrong: its correction goes at once to those who got it."""

from datetime import timedelta

from digest.errors import EditionHeldError
from digest.model import Correction, Edition, EditionContent, EditionKind, EditionState, MailingList, Summary
from digest.model.rows import row_id
from digest.render.words import catalogue
from digest.services.app import App
from digest.services.editions import corrections
from digest.services.editions.lifecycle.approval import Issue, approve, start
from digest.services.schedule.local_time import zone
from digest.services.sending.batches import deliver_edition
from digest.storage.ledger.deliveries import Balance

DEADLINE = timedelta(hours=24)


async def correct(
    app: App,
    mailing_list: MailingList,
    edition: Edition,
    text: str,
    story: str = "",
    *,
    waits: bool = True,
) -> Balance | None:
    """Keep a correction of an edition. That of an alert goes out at once, as an edition of its own, whose
    books are returned.

    It goes to those who got the alert and still want such ones, at any hour; other editions do not tell it
    again. With `waits` False it is left to whoever sends, and None is returned. Of any other edition None is
    returned: the list's next edition tells the correction. `story` is as for
    `corrections.correct`.

    Raises:
        InputError: as `corrections.correct`.
        EditionHeldError: the correction cannot be rendered; it waits for the next edition.
        DeliveryError: the SMTP server cannot be reached; what was frozen waits.
    """
    await corrections.correct(app, edition, text, story)
    if edition.kind is not EditionKind.BREAKING or edition.corrects is not None:
        return None
    made = await approve(app, mailing_list, _issue(app, mailing_list, edition, " ".join(text.split())))
    if made is None or made.state is not EditionState.APPROVED:
        raise EditionHeldError(
            f"The correction of edition {edition.number} is kept, but could not go out by itself"
            + (f": {made.held_reason}" if made and made.held_reason else "."),
            remedy="The list's next edition tells it.",
        )
    await start(app, made)
    if not waits:
        return None
    return await deliver_edition(app, row_id(made), lambda _: None)


def _issue(app: App, mailing_list: MailingList, edition: Edition, text: str) -> Issue:
    now = app.clock.now()
    words = catalogue(mailing_list.language).words
    content = EditionContent.model_validate(edition.content)
    sections = tuple(
        section.model_copy(
            update={
                "overview": "",
                "stories": tuple(
                    story.model_copy(
                        update={
                            "headline": f"{words['correction']}{words['colon']}{story.headline}",
                            "summary": Summary(method="headline"),
                            "breaking": False,
                            "update": False,
                        }
                    )
                    for story in section.stories
                ),
            }
        )
        for section in content.sections
    )
    correction = Correction(
        text=text,
        edition_number=edition.number,
        url=app.links.edition(mailing_list.slug, edition.number),
    )
    return Issue(
        content=content.model_copy(
            update={
                "sections": sections,
                "corrections": (correction,),
                "local_date": now.astimezone(zone(mailing_list.timezone)).date(),
                "window_end": max(now, content.window_end),
            }
        ),
        deadline=now + DEADLINE,
        is_big=edition.is_big,
        corrects=edition.id,
    )
