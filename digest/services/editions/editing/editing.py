"""Editing a composed edition: each edit is recorded, none is lost, the last can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import RefusedError
from digest.model import Edit, Edition, EditionContent, EditionEdit, EditKind, MailingList
from digest.model.editions.edition_moves import Move, state_after
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.editions.composing.find import by_number
from digest.services.editions.editing.applying import EditedContent, applied
from digest.services.editions.editing.requests import EditRequest, edits_of
from digest.services.editions.lifecycle.approval import Issue, keep_content, proofread
from digest.storage.editions import editions
from digest.storage.editions import edits as stored

TRIES = 5
"""Somebody else may be quicker to change the edition; what does not touch the same words is tried again."""


class EditConflictError(RefusedError):
    """Somebody changed the same words since they were looked at. `theirs` is what they wrote, `by` who."""

    def __init__(self, theirs: str, by: str) -> None:
        super().__init__(
            "edited_meanwhile",
            f"{by} changed the same words meanwhile: {theirs}",
            remedy="Look at both, and write it again.",
        )
        self.theirs = theirs
        self.by = by


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedEdition:
    """An edition with what it says now, what was dropped, and its edits, oldest first."""

    edition: Edition
    now: EditedContent
    edits: tuple[EditionEdit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMade:
    """What an edit did, for the audit log. `story` is the key that the page leads back to."""

    edition: Edition
    before: Mapping[str, str]
    after: Mapping[str, str]
    story: str = ""


def may_be_edited(edition: Edition) -> bool:
    """Say whether an edition may still be edited: it is not approved, and has not begun."""
    return state_after(edition.state, Move.COMPOSE, started=edition.started_at is not None) is not None


async def edited(app: App, mailing_list: MailingList, number: int) -> EditedEdition:
    """Return an edition with its edits.

    Raises:
        NotFoundError: the list has none of that number.
    """
    edition = await by_number(app, mailing_list, number)
    async with app.database.read() as session:
        rows = await stored.of_edition(session, row_id(edition))
    return _edited(mailing_list, edition, rows)


def _edited(mailing_list: MailingList, edition: Edition, rows: Sequence[EditionEdit]) -> EditedEdition:
    made = [Edit.model_validate(one.edit) for one in rows]
    now = applied(base_of(edition), made, order_of(mailing_list))
    if edition.composed is None:
        now = EditedContent(content=EditionContent.model_validate(edition.content))
    return EditedEdition(edition=edition, now=now, edits=tuple(rows))


def base_of(edition: Edition) -> EditionContent:
    """Return what was composed, before any edit."""
    return EditionContent.model_validate(edition.composed or edition.content)


def order_of(mailing_list: MailingList) -> list[str]:
    """Return the keys of the list's sections, in its order."""
    return [one.key for one in specs(mailing_list)]


async def edit(
    app: App, mailing_list: MailingList, number: int, request: EditRequest, by: str, *, seen: int
) -> ChangeMade:
    """Change a composed edition. `seen` is the version that was looked at.

    What others changed meanwhile stays, unless it is the same words. Asking for what is so already changes
    nothing.

    Raises:
        NotFoundError: there is no such edition.
        EditConflictError: somebody changed the same words meanwhile.
        RefusedError: the edition is approved or went out (not_open); or as `edits_of`.
    """
    for _ in range(TRIES):
        one = await edited(app, mailing_list, number)
        _require_open(one.edition)
        wanted = await edits_of(app, mailing_list, one.now, request)
        _refuse_conflict(one, wanted, seen)
        if not wanted:
            return ChangeMade(edition=one.edition, before={}, after={}, story=request.story)
        every = [*(Edit.model_validate(row.edit) for row in one.edits), *wanted]
        now = applied(base_of(one.edition), every, order_of(mailing_list))
        changed = await _write(app, mailing_list, one, now.content, wanted=wanted, by=by)
        if changed is not None:
            before, after = differences(wanted, one.now.content, now.content)
            return ChangeMade(edition=changed, before=before, after=after, story=wanted[-1].story)
        # Somebody was quicker.
    raise RefusedError("changed_since", f"Edition {number} changes all the time.", remedy="Try again.")


async def undo(app: App, mailing_list: MailingList, number: int, *, seen: int) -> ChangeMade:
    """Take the last edit back.

    Raises:
        RefusedError: there is none (no_edit), or somebody changed the edition since (changed_since), or it
            may not be edited any more (not_open).
    """
    one = await edited(app, mailing_list, number)
    _require_open(one.edition)
    if not one.edits:
        raise RefusedError("no_edit", "There is no edit to take back.")
    if one.edition.version != seen:
        raise RefusedError("changed_since", f"Edition {number} was changed meanwhile.")
    last = one.edits[-1]
    rest = [Edit.model_validate(row.edit) for row in one.edits[:-1]]
    now = applied(base_of(one.edition), rest, order_of(mailing_list))
    changed = await _write(app, mailing_list, one, now.content, undone=row_id(last))
    if changed is None:
        raise RefusedError("changed_since", f"Edition {number} was changed meanwhile.")
    gone = Edit.model_validate(last.edit)
    before, after = differences([gone], one.now.content, now.content)
    return ChangeMade(edition=changed, before=before, after=after, story=gone.story)


async def _write(
    app: App,
    mailing_list: MailingList,
    one: EditedEdition,
    content: EditionContent,
    *,
    wanted: Sequence[Edit] = (),
    by: str = "",
    undone: int | None = None,
) -> Edition | None:
    """Keep what an edition says now, with the edits that led there. None: it changed meanwhile."""
    subject = await subject_of(app, mailing_list, one.edition, content)
    base = base_of(one.edition).model_dump(mode="json")
    steps = max(1, len(wanted))
    async with app.database.begin() as session:
        is_mine = await stored.write(
            session,
            row_id(one.edition),
            one.edition.version,
            version=one.edition.version + steps,
            composed=base,
        )
        if not is_mine:
            return None
        for step, each in enumerate(wanted, 1):
            version = one.edition.version + step
            made = stored.row_of(row_id(one.edition), version, each, by, app.clock.now())
            await stored.add(session, made)
        if undone is not None:
            await stored.remove(session, undone)
        return await rewritten(session, mailing_list, row_id(one.edition), content, subject)


async def rewritten(
    session: AsyncSession, mailing_list: MailingList, edition_id: int, content: EditionContent, subject: str
) -> Edition:
    """Keep what an edition says, and return it as it stands now."""
    found = await editions.by_id(session, edition_id)
    assert found is not None, "it was there a moment ago, in this transaction"
    await session.refresh(found)
    await keep_content(session, mailing_list, found, content, subject)
    return found


async def subject_of(app: App, mailing_list: MailingList, edition: Edition, content: EditionContent) -> str:
    """Return the subject that an edition has now; what cannot be rendered keeps the one that it had."""
    issue, subject = await proofread(
        app, mailing_list, Issue(content=content, deadline=edition.send_deadline)
    )
    return edition.subject if issue.held_reason else subject


def _require_open(edition: Edition) -> None:
    if not may_be_edited(edition):
        raise RefusedError(
            "not_open",
            f"Edition {edition.number} is {edition.state.value}; it cannot be edited.",
            remedy="Stop it first, while it has not begun.",
        )


def _refuse_conflict(one: EditedEdition, wanted: Sequence[Edit], seen: int) -> None:
    """Refuse words that somebody else changed after they were looked at."""
    mine = {_words_of(each) for each in wanted} - {None}
    for row in reversed(one.edits):
        if row.version <= seen:
            return
        theirs = Edit.model_validate(row.edit)
        if _words_of(theirs) in mine:
            raise EditConflictError(theirs.text or _headline(one.now.content, theirs.story), row.made_by)


def _words_of(one: Edit) -> tuple[str, str] | None:
    if one.kind in {EditKind.HEADLINE, EditKind.TITLE}:
        return "headline", one.story
    if one.kind in {EditKind.SUMMARY, EditKind.OPENING, EditKind.SUBJECT}:
        return one.kind.value, one.story
    return None


def differences(
    made: Sequence[Edit], before: EditionContent, after: EditionContent
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what edits changed, before and after, in words for the audit log."""
    was: dict[str, str] = {}
    is_now: dict[str, str] = {}
    for one in made:
        was[one.kind.value], is_now[one.kind.value] = _shown(one, before), _shown(one, after)
        if one.story:
            headline = _headline(before, one.story) or _headline(after, one.story)
            was["story"] = is_now["story"] = headline
    changed = {name for name in was if was[name] != is_now[name]}
    story = {"story": was["story"]} if "story" in was else {}
    return {name: was[name] for name in changed}, {name: is_now[name] for name in changed} | story


def _shown(one: Edit, content: EditionContent) -> str:
    if one.kind is EditKind.SUBJECT:
        return content.subject
    if one.kind is EditKind.OPENING:
        return " ".join(each.text for each in content.opening.sentences)
    story = next((each for each in content.stories if each.key == one.story), None)
    if one.kind in {EditKind.HEADLINE, EditKind.TITLE}:
        return story.headline if story else ""
    if one.kind is EditKind.SUMMARY:
        return story.summary.text if story else ""
    if one.kind in {EditKind.MERGE, EditKind.SPLIT}:
        return f"{len(story.articles)} articles" if story else ""
    if one.kind in {EditKind.PIN, EditKind.UNPIN}:
        return "pinned" if story and story.pinned else ""
    return _place(content, one.story)


def _place(content: EditionContent, key: str) -> str:
    return next(
        (
            f"{section.key} {at}"
            for section in content.sections
            for at, one in enumerate(section.stories, 1)
            if one.key == key
        ),
        "",
    )


def _headline(content: EditionContent, key: str) -> str:
    return next((one.headline for one in content.stories if one.key == key), "")
