"""Approving at the desk: by who may send, of what they saw, the first of several wins."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.model import (
    Approval,
    AuditEntry,
    Edition,
    EditionContent,
    EditionState,
    Erratum,
    MailingList,
    Role,
)
from digest.services.app import App
from tests.builders import a_list, an_edition
from tests.integration.desk.conftest import Joins

HERE = "/desk/lists/daily/editions/1"
Logged = Callable[[], Awaitable[list[AuditEntry]]]


@pytest.fixture
async def waiting(app: App) -> MailingList:
    """A list with an edition that waits for an approval; it is due in twenty minutes."""
    async with app.database.begin() as session:
        made = a_list(approval=Approval.OPTIONAL)
        session.add(made)
        await session.flush()
        due_at = app.clock.now() + timedelta(minutes=20)
        session.add(an_edition(made.id or 0, state=EditionState.DRAFT, due_at=due_at, version=3))
    return made


async def edition(app: App) -> Edition:
    async with app.database.begin() as session:
        query = select(Edition).where(Edition.number == 1).execution_options(populate_existing=True)
        return (await session.exec(query)).one()


async def test_opening_the_link_approves_nothing_and_a_post_does(
    app: App, joins: Joins, waiting: MailingList, logged: Logged
):
    publisher = await joins(Role.PUBLISHER)
    page = await publisher.opens(HERE)
    assert "ينتظر الاعتماد" in page.text
    assert 'name="version" value="3"' in page.text
    for path in (HERE, f"{HERE}/approve"):
        await publisher.opens(path)
        await publisher.opens(path, method="HEAD")
    assert (await edition(app)).state is EditionState.DRAFT
    assert (await publisher.sends(f"{HERE}/approve", {"version": "3", "when": "due"})).status_code == 303
    found = await edition(app)
    assert (found.state, found.approved_by) == (EditionState.APPROVED, "desk:publisher-all@news.example")
    assert "publisher-all@news.example" in (await publisher.opens(HERE)).text
    assert [(one.act, one.after["state"]) for one in await logged()] == [("editions.approve", "approved")]


async def test_the_second_is_told_who_was_quicker(
    app: App, joins: Joins, waiting: MailingList, logged: Logged
):
    first, second = await joins(Role.PUBLISHER, email="amal@news.example"), await joins(Role.OWNER)
    assert (await first.sends(f"{HERE}/approve", {"version": "3"})).status_code == 303
    answer = await second.sends(f"{HERE}/approve", {"version": "3"})
    assert answer.status_code == 409
    assert "سبقك غيرك إلى اعتماده" in answer.text
    assert "amal@news.example" in answer.text
    assert len(await logged()) == 1


async def test_it_is_stopped_put_off_and_approved_again(app: App, joins: Joins, waiting: MailingList):
    publisher = await joins(Role.PUBLISHER)
    await publisher.sends(f"{HERE}/approve", {"version": "3", "when": "now"})
    begins = (await edition(app)).starts_at
    assert begins == app.clock.now() + timedelta(minutes=5)
    assert (await publisher.sends(f"{HERE}/stop")).status_code == 303
    assert (await publisher.sends(f"{HERE}/stop")).status_code == 409, "pressed twice"
    found = await edition(app)
    assert (found.state, found.stopped_by) == (EditionState.DRAFT, "desk:publisher-all@news.example")
    assert "أوقفه" in (await publisher.opens(HERE)).text
    assert (await publisher.sends(f"{HERE}/schedule", {"at": "23:59"})).status_code == 303
    assert (await publisher.sends(f"{HERE}/schedule", {"at": "99:99"})).status_code == 422
    assert (await publisher.sends(f"{HERE}/schedule", {})).status_code == 422
    assert (await publisher.sends(f"{HERE}/approve", {"version": "3"})).status_code == 303


@pytest.mark.parametrize("version", ["2", "", "-1", "99999999999", "x"])
async def test_who_saw_another_version_looks_again(
    app: App, joins: Joins, waiting: MailingList, version: str
):
    publisher = await joins(Role.PUBLISHER)
    answer = await publisher.sends(f"{HERE}/approve", {"version": version})
    assert answer.status_code == 409
    assert "تغيّر العدد بعد أن فتحت الصفحة" in answer.text
    assert (await edition(app)).state is EditionState.DRAFT


async def test_an_editor_may_look_and_not_approve(app: App, joins: Joins, waiting: MailingList):
    editor = await joins(Role.EDITOR)
    page = (await editor.opens(HERE)).text
    assert f"{HERE}/approve" not in page
    assert (await editor.sends(f"{HERE}/approve", {"version": "3"})).status_code == 403


@pytest.mark.parametrize(
    ("code", "about", "says"),
    [
        ("few", {"stories": "2", "wanted": "3"}, "فيه ٢ من الأخبار، والنشرة تطلب ٣ على الأقل."),
        ("few", {}, "only 2 stories"),
        ("unapproved", {}, "حلّ موعده ولم يعتمده أحد."),
        ("cannot_go", {}, "لا يمكن إخراج الرسالة"),
        ("bounced", {"share": "7.0%", "of": "100", "limit": "5.0%", "where": ""}, "ارتدّ ٧"),
        ("", {}, "only 2 stories"),
    ],
)
async def test_why_it_is_held_is_said_in_the_language_of_the_account(
    app: App, joins: Joins, waiting: MailingList, code: str, about: dict[str, str], says: str
):
    async with app.database.begin() as session:
        one = (await session.exec(select(Edition))).one()
        one.state, one.held_code, one.held_about = EditionState.HELD, code, about
        one.held_reason = "only 2 stories"
    publisher = await joins(Role.PUBLISHER)
    assert says in (await publisher.opens(HERE)).text
    assert says in (await publisher.opens("/desk")).text


async def test_an_alert_is_sent_when_its_reach_was_seen_and_a_sent_edition_is_corrected(
    app: App, joins: Joins, waiting: MailingList, logged: Logged
):
    publisher = await joins(Role.PUBLISHER)
    page = (await publisher.opens("/desk/lists/daily/alert")).text
    assert "عاجل الآن" in page
    assert "لم يرد خبر اليوم بعد" in page
    answer = await publisher.sends("/desk/lists/daily/alert", {"story": "0000", "readers": "7"})
    assert answer.status_code == 409
    answer = await publisher.sends("/desk/lists/daily/alert", {"story": "0000", "readers": "0"})
    assert answer.status_code == 422
    assert "لم يختر أحد تلقي العاجل" in answer.text
    whole = {"text": "الصحيح ٣.", "story": "-"}
    assert (await publisher.sends(f"{HERE}/correct", whole)).status_code == 422, "not sent yet"
    async with app.database.begin() as session:
        one = (await session.exec(select(Edition))).one()
        one.state, one.started_at = EditionState.FINISHED, app.clock.now()
    assert (await publisher.sends(f"{HERE}/correct", whole)).status_code == 303
    assert [one.act for one in await logged()] == ["editions.correct"]


async def test_a_correction_at_the_desk_says_which_story_had_it_wrong(
    app: App, joins: Joins, waiting: MailingList
):
    async with app.database.begin() as session:
        one = (await session.exec(select(Edition))).one()
        one.state, one.started_at = EditionState.FINISHED, app.clock.now()
        first, *_ = EditionContent.model_validate(one.content).stories
    publisher = await joins(Role.PUBLISHER)
    page = (await publisher.opens(HERE)).text
    assert f'<option value="{first.key}" selected>{first.headline}</option>' in page, "there is but one"
    for story in ("", "another edition's story"):
        refused = await publisher.sends(f"{HERE}/correct", {"text": "الصحيح ٣.", "story": story})
        assert refused.status_code == 422
        assert "اختر الخبر الذي فيه الخطأ" in refused.text
        assert "الصحيح ٣." in refused.text, "what was typed is not lost"
    sent = await publisher.sends(f"{HERE}/correct", {"text": "الصحيح ٣.", "story": first.key})
    assert sent.status_code == 303
    async with app.database.read() as session:
        kept = (await session.exec(select(Erratum))).all()
    assert [(each.story, each.text) for each in kept] == [(first.key, "الصحيح ٣.")]
