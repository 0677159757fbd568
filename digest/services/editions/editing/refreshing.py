"""Compose an edition anew from the news of now, and keep all that people edited."""

from digest.errors import RefusedError
from digest.model import Edit, MailingList
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Window, compose
from digest.services.editions.editing import editing
from digest.services.editions.editing.applying import applied
from digest.services.editions.editing.carrying import carried
from digest.services.editions.editing.editing import ChangeMade
from digest.services.sources import polling
from digest.storage.editions import edits as stored

MOST_SECONDS = 15.0
"""So long sources that are due are read first: somebody looks at a page that loads."""


async def refresh(app: App, mailing_list: MailingList, number: int, *, seen: int) -> ChangeMade:
    """Collect and compose a draft again, up to now; edits are applied to what comes of it, by story.

    Raises:
        RefusedError: it may not be edited any more (not_open), or was changed meanwhile (changed_since).
    """
    one = await editing.edited(app, mailing_list, number)
    edition = one.edition
    if not editing.may_be_edited(edition):
        raise RefusedError("not_open", f"Edition {number} is {edition.state.value}.")
    if edition.version != seen:
        raise RefusedError("changed_since", f"Edition {number} was changed meanwhile.")
    await polling.visit_due(app, min(app.settings.run.collect_first_seconds, MOST_SECONDS))
    end = max(edition.window_end, app.clock.now())
    composed = await compose(
        app,
        mailing_list,
        Window(day=edition.local_date, start=edition.window_start, end=end),
        number=number,
        kind=edition.kind,
        report=SilentProgress(),
    )
    edits, order = [Edit.model_validate(row.edit) for row in one.edits], editing.order_of(mailing_list)
    base = carried(composed.content, editing.base_of(edition), edits, order)
    now = applied(base, edits, order)
    if not now.content.stories:
        raise RefusedError("no_story", "There is no story any more.")
    subject = await editing.subject_of(app, mailing_list, edition, now.content)
    before = {story.key for story in one.now.content.stories}
    after = {story.key for story in now.content.stories}
    async with app.database.begin() as session:
        is_mine = await stored.write(
            session,
            row_id(edition),
            seen,
            version=seen + 1,
            composed=base.model_dump(mode="json"),
            composed_at=app.clock.now(),
            window_end=end,
        )
        if not is_mine:
            raise RefusedError("changed_since", f"Edition {number} was changed meanwhile.")
        changed = await editing.rewritten(session, mailing_list, row_id(edition), now.content, subject)
    came, went = len(after - before), len(before - after)
    return ChangeMade(edition=changed, before={}, after={"came": str(came), "went": str(went)})
