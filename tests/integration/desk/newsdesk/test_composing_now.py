"""Today's edition, made because an editor asks for it: it waits for an approval, and is the only one of the
day.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.model import Approval, AuditEntry, Edition, EditionState, MailingList, Role
from digest.services.app import App
from digest.services.editions import publish
from digest.services.editions.lifecycle import awaiting
from digest.storage.editions import approving
from tests.builders import a_list, an_article
from tests.integration.desk.conftest import Hands, Joins

LIST = "/desk/lists/daily/editions"
COMPOSE = f"{LIST}/compose"
Logged = Callable[[], Awaitable[list[AuditEntry]]]


@pytest.fixture
async def morning(app: App, clock: Hands) -> MailingList:
    """A list without approvals, whose time is two hours from now, with news of the last hours."""
    local = clock.now() + timedelta(hours=5)
    made = a_list(send_at=f"{local:%H:%M}", min_stories=1, approval=Approval.NONE)
    async with app.database.begin() as session:
        session.add_all([made, *(_news(number, clock) for number in (1, 2, 3))])
    return made


def _news(number: int, clock: Hands) -> object:
    at = clock.now() - timedelta(hours=number)
    return an_article(
        title=f"خبر رقم {number} عن مدينة {['جدة', 'أبها', 'حائل'][number - 1]}",
        url=f"https://{number}.example/news", url_key=f"https://{number}.example/news", content_hash=str(number),
        published_at=at, first_seen_at=at,
    )  # fmt: skip


async def editions(app: App) -> list[Edition]:
    async with app.database.begin() as session:
        query = select(Edition).order_by(Edition.number).execution_options(populate_existing=True)  # type: ignore[arg-type]
        return list((await session.exec(query)).all())


async def test_an_editor_makes_todays_edition_and_it_waits_though_the_list_asks_for_no_approval(
    app: App, joins: Joins, morning: MailingList, logged: Logged, clock: Hands
):
    editor = await joins(Role.EDITOR)
    assert "أعدّ عدد اليوم الآن" in (await editor.opens(LIST)).text
    answer = await editor.sends(COMPOSE)
    assert answer.headers["location"] == f"{LIST}/1?done=composed"
    [made] = await editions(app)
    assert (made.state, made.due_at) == (EditionState.DRAFT, clock.now() + timedelta(hours=2))
    page = (await editor.opens(answer.headers["location"])).text
    assert "ولن يُرسل ما لم يُعتمد" in page
    assert "خبر رقم ١" in page.replace("1", "١")
    [entry] = await logged()
    assert (entry.act, entry.about) == ("editions.compose", "1")
    clock.moves(hours=2, minutes=1)
    async with app.database.begin() as session:
        assert await approving.unapproved(session, clock.now()) == []
    assert await publish.make_due(app, morning.id or 0) is None
    assert [one.state for one in await editions(app)] == [EditionState.DRAFT]


async def test_it_goes_out_when_somebody_approves_it(app: App, joins: Joins, morning: MailingList):
    await (await joins(Role.EDITOR)).sends(COMPOSE)
    [made] = await editions(app)
    publisher = await joins(Role.PUBLISHER)
    fields = {"version": str(made.version), "when": "now"}
    assert (await publisher.sends(f"{LIST}/1/approve", fields)).status_code == 303
    [made] = await editions(app)
    assert made.state is EditionState.APPROVED
    await awaiting.stop(app, made, "desk:amal@news.example")
    page = (await publisher.opens(f"{LIST}/1")).text
    assert "أوقفه <bdi>amal@news.example</bdi>" in page


async def test_a_day_has_one_edition_and_none_is_made_of_nothing(
    app: App, joins: Joins, morning: MailingList, other: MailingList, clock: Hands
):
    editor = await joins(Role.EDITOR)
    assert (await editor.sends(COMPOSE)).status_code == 303
    again = await editor.sends(COMPOSE)
    assert again.status_code == 409
    assert "عدد اليوم معدّ من قبل" in again.text
    assert len([one for one in await editions(app) if one.list_id == morning.id]) == 1
    clock.moves(days=3)
    nothing = await (await joins(Role.EDITOR, email="late@news.example")).sends(COMPOSE)
    assert nothing.status_code == 409
    assert "لا أخبار يُعدّ منها عدد" in nothing.text


async def test_who_may_only_look_or_send_makes_none(app: App, joins: Joins, morning: MailingList):
    for role in (Role.VIEWER, Role.PUBLISHER, Role.LIST_MANAGER):
        tab = await joins(role)
        assert (await tab.sends(COMPOSE)).status_code == 403
        assert "أعدّ عدد اليوم الآن" not in (await tab.opens(LIST)).text
    assert await editions(app) == []
