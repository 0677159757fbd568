"""Editions that people approve: composed before their time, mailed about, approved once, stopped, sent or held."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import EditionHeldError, RefusedError
from digest.model import (
    Account,
    AccountRole,
    Approval,
    ApprovalMail,
    Delivery,
    Edition,
    EditionState,
    MailingList,
    Role,
    WithoutApproval,
)
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish as editions
from digest.services.editions.lifecycle import asking, awaiting
from digest.services.editions.run.refusals import waits_for_people
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.editions.approving import UNAPPROVED
from tests.builders import a_subscriber, a_subscription, an_article, hours_ago
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, a_morning

MINUTE = timedelta(minutes=1)
AMAL, BADR = "desk:amal@news.example", "desk:badr@news.example"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(DUE - 30 * MINUTE)


async def drafted(app: App, **fields: object) -> tuple[MailingList, Edition]:
    settings = {"approval": Approval.OPTIONAL, "min_stories": 1, **fields}
    mailing_list = await a_morning(app, **settings)
    edition = await editions.make_due(app, mailing_list.id or 0)
    assert edition is not None
    return mailing_list, edition


async def now_of(app: App, edition: Edition) -> Edition:
    async with app.database.begin() as session:
        found = await session.get(Edition, edition.id, populate_existing=True)
        assert found is not None
        return found


async def ticks(app: App) -> None:
    """What `digest serve` does in one tick: what is due is done at once by the queue of these tests."""
    await tasks.run_due(app)


async def sent_of(app: App, edition: Edition) -> int:
    await deliver_edition(app, edition.id or 0, lambda _: None)
    async with app.database.begin() as session:
        return len((await session.exec(select(Delivery).where(Delivery.edition_id == edition.id))).all())


async def test_it_is_composed_before_its_time_and_nobody_is_planned(app: App, clock: FixedClock):
    clock.forward(-MINUTE)
    mailing_list = await a_morning(app, approval=Approval.REQUIRED, created_at=DUE - 60 * MINUTE)
    assert await editions.make_due(app, mailing_list.id or 0) is None, "a minute too early"
    clock.forward(MINUTE)
    edition = await editions.make_due(app, mailing_list.id or 0)
    assert edition is not None
    assert (edition.state, edition.planned, edition.started_at) == (EditionState.DRAFT, 0, None)
    assert edition.due_at == DUE
    assert await editions.make_due(app, mailing_list.id or 0) is None, "it is made once"


async def test_approved_it_goes_out_at_its_time_and_plans_whoever_reads_it_then(app: App, clock: FixedClock):
    mailing_list, edition = await drafted(app)
    approved = await editions.approve_draft(app, edition, AMAL, version=edition.version)
    assert (approved.state, approved.approved_by, approved.starts_at) == (EditionState.APPROVED, AMAL, DUE)
    await ticks(app)
    assert (await now_of(app, edition)).state is EditionState.APPROVED, "its time has not come"
    assert await editions.start(app, approved) == 0, "nobody else can begin it before"
    async with app.database.begin() as session:
        late = a_subscriber(9)
        session.add(late)
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, late.id or 0))
    clock.forward(30 * MINUTE)
    assert await editions.start_approved(app, edition.id or 0)
    assert (await now_of(app, edition)).planned == 4, "the one who came after the approval, too"
    assert await sent_of(app, edition) == 4


async def test_of_several_who_approve_at_once_the_first_wins_and_the_others_are_told_who(
    app: App, database: Database, clock: FixedClock
):
    _, edition = await drafted(app)
    apps = [an_app(database, FakeMailer(), clock) for _ in range(3)]
    names = [f"desk:{name}@news.example" for name in ("amal", "badr", "dana")]
    done = await asyncio.gather(
        *(
            editions.approve_draft(one, edition, name, version=edition.version)
            for one, name in zip(apps, names, strict=True)
        ),
        return_exceptions=True,
    )
    won = [one for one in done if isinstance(one, Edition)]
    lost = [one for one in done if isinstance(one, RefusedError)]
    assert (len(won), len(lost)) == (1, 2)
    assert {one.reason for one in lost} == {"approved_already"}
    assert all(won[0].approved_by in str(one) for one in lost)
    assert (await now_of(app, edition)).approved_by == won[0].approved_by


async def test_what_was_changed_since_it_was_looked_at_is_not_approved(app: App):
    _, edition = await drafted(app)
    with pytest.raises(RefusedError) as refused:
        await editions.approve_draft(app, edition, AMAL, version=edition.version - 1)
    assert refused.value.reason == "changed_since"
    assert (await now_of(app, edition)).state is EditionState.DRAFT


async def test_a_maker_that_died_between_approving_and_sending_loses_nothing(app: App, clock: FixedClock):
    _, edition = await drafted(app)
    await editions.approve_draft(app, edition, AMAL, at_once=True)
    assert await sent_of(app, edition) == 0
    clock.forward(5 * MINUTE)  # another process finds it
    await ticks(app)
    assert await editions.start_approved(app, edition.id or 0)
    assert await sent_of(app, edition) == 3
    assert not await editions.start_approved(app, edition.id or 0)
    assert await sent_of(app, edition) == 3


async def test_stopped_in_the_cooling_off_it_waits_until_somebody_approves_it_again(
    app: App, clock: FixedClock
):
    _, edition = await drafted(app, without_approval=WithoutApproval.SEND)
    approved = await editions.approve_draft(app, edition, AMAL, at_once=True)
    assert approved.starts_at == DUE - 25 * MINUTE
    stopped = await editions.stop(app, approved, BADR)
    assert (stopped.state, stopped.approved_by, stopped.stopped_by) == (EditionState.DRAFT, "", BADR)
    clock.forward(40 * MINUTE)
    await ticks(app)
    assert (await now_of(app, edition)).state is EditionState.DRAFT, "it does not go out by itself any more"
    assert not await awaiting.close(app, edition.id or 0)
    again = await editions.approve_draft(app, await now_of(app, edition), BADR)
    assert again.starts_at == DUE + 15 * MINUTE, "after the cooling-off, its time being past"
    clock.forward(5 * MINUTE)
    assert await editions.start_approved(app, edition.id or 0)
    with pytest.raises(RefusedError) as refused:
        await editions.stop(app, again, AMAL)
    assert refused.value.reason == "move"
    assert await sent_of(app, edition) == 3


@pytest.mark.parametrize("without", list(WithoutApproval))
async def test_its_time_comes_without_an_approval(app: App, clock: FixedClock, without: WithoutApproval):
    _, edition = await drafted(app, without_approval=without)
    assert not await awaiting.close(app, edition.id or 0), "its time has not come"
    clock.forward(30 * MINUTE)
    assert await awaiting.close(app, edition.id or 0)
    found = await now_of(app, edition)
    if without is WithoutApproval.SEND:
        assert (found.state, found.planned, found.approved_by) == (EditionState.SENDING, 3, "")
        assert await sent_of(app, edition) == 3
        return
    assert (found.state, found.held_code) == (EditionState.HELD, UNAPPROVED)
    assert await sent_of(app, edition) == 0
    approved = await editions.approve_draft(app, found, AMAL)
    assert (approved.state, approved.held_reason, approved.held_code) == (EditionState.APPROVED, None, "")
    clock.forward(5 * MINUTE)
    assert await editions.start_approved(app, edition.id or 0)
    assert await sent_of(app, edition) == 3


async def test_what_must_be_approved_is_held_past_its_deadline_and_no_run_by_hand_makes_it_anew(
    app: App, clock: FixedClock
):
    mailing_list, edition = await drafted(app, approval=Approval.REQUIRED, misfire_hours=2)
    refusal = waits_for_people(edition, mailing_list)
    assert isinstance(refusal, EditionHeldError)
    assert "digest editions approve 1" in str(refusal)
    stopped = await editions.stop(app, await editions.approve_draft(app, edition, AMAL), AMAL)
    clock.forward(180 * MINUTE)
    from digest.services.sending.batches import due_batches

    assert await due_batches(app, clock.now(), 10) == []
    found = await now_of(app, stopped)
    assert (found.state, found.held_code) == (EditionState.HELD, "late")


async def test_it_is_put_off_to_a_time_to_come(app: App, clock: FixedClock):
    _, edition = await drafted(app)
    later = await editions.put_off(app, edition, DUE + 90 * MINUTE)
    assert (later.due_at, later.starts_at) == (DUE + 90 * MINUTE, None)
    approved = await editions.approve_draft(app, later, AMAL)
    assert approved.starts_at == DUE + 90 * MINUTE
    sooner = await editions.put_off(app, approved, DUE)
    assert (sooner.state, sooner.starts_at) == (EditionState.APPROVED, DUE)
    for wrong in (DUE - 31 * MINUTE, DUE + 8 * 24 * 60 * MINUTE):
        with pytest.raises(RefusedError):
            await editions.put_off(app, sooner, wrong)


async def test_one_that_had_too_little_to_say_is_put_before_people_when_it_has_enough(
    app: App, clock: FixedClock
):
    mailing_list, edition = await drafted(app, min_stories=5)
    assert (edition.state, edition.held_code, edition.held_about) == (
        EditionState.HELD,
        "few",
        {"stories": "4", "wanted": "5"},
    )
    async with app.database.begin() as session:
        session.add(
            an_article(
                title="حريق في سوق الجملة ولا إصابات",
                content_hash="new",
                source_name="الساحل",
                section="local",
                url="https://sahel.example/new",
                published_at=hours_ago(1.2),
                first_seen_at=clock.now() + MINUTE,
                paragraphs=["سيطرت فرق الإطفاء على حريق شب في سوق الجملة، ولم تقع إصابات."],
            )
        )
    clock.forward(5 * MINUTE)
    made = await editions.make_due(app, mailing_list.id or 0)
    assert made is not None
    assert (made.state, made.held_reason, made.due_at) == (EditionState.DRAFT, None, DUE)


async def hired(app: App) -> None:
    async with app.database.begin() as session:
        for number, (name, role, language) in enumerate(
            (
                ("amal", Role.PUBLISHER, "ar"),
                ("badr", Role.EDITOR, "en"),
                ("dana", Role.VIEWER, "ar"),
                ("zayd", Role.OWNER, "ar"),
            )
        ):
            made = Account(
                email=f"{name}@news.example",
                password_hash="x",
                language=language,
                created_at=app.clock.now(),
                disabled_at=app.clock.now() if number == 3 else None,
            )
            session.add(made)
            await session.flush()
            session.add(AccountRole(account_id=made.id or 0, role=role))


async def mails(app: App) -> list[ApprovalMail]:
    async with app.database.begin() as session:
        return list((await session.exec(select(ApprovalMail))).all())


async def test_who_may_approve_or_edit_is_mailed_once_about_each_matter(app: App, clock: FixedClock):
    mailer = app.mailer
    assert isinstance(mailer, FakeMailer)
    await hired(app)
    _, edition = await drafted(app)
    for _ in range(3):
        await asking.plan(app)
    assert [one.kind for one in await mails(app)] == ["asks", "asks"], "an editor and a publisher"
    for mail_id in await asking.due(app, 10):
        assert await asking.mail(app, mail_id)
        assert not await asking.mail(app, mail_id), "nobody else mails it again"
    assert sorted(mailer.taken) == ["amal@news.example", "badr@news.example"]
    assert await asking.due(app, 10) == []
    clock.forward(21 * MINUTE)
    await asking.plan(app)
    assert [one.kind for one in await mails(app)] == ["asks", "asks", "reminds", "reminds"]
    clock.forward(9 * MINUTE)
    assert await awaiting.close(app, edition.id or 0)
    await asking.plan(app)
    for mail_id in await asking.due(app, 10):
        await asking.mail(app, mail_id)
    assert dict(mailer.taken) == {"amal@news.example": 2, "badr@news.example": 2}, (
        "asked, and told it is held"
    )
