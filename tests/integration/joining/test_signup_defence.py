"""Sign-ups from programs: counted in the database for all processes, kept back, looked at and let through."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import func, select

from digest.clock import FixedClock
from digest.errors import NotFoundError
from digest.model import Alarm, Notice, Signup, SignupCount, Subscription
from digest.services import tasks
from digest.services.app import App
from digest.services.audience import consent, signups
from digest.services.audience.joining import defence
from digest.services.audience.joining.funnel import funnel
from digest.services.audience.signups import FormAnswer, SentForm
from digest.storage.audience import lists
from digest.storage.audience import subscribers as stored
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list
from tests.fakes_delivery import FakeMailer, an_app

HOME = "203.0.113.9"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(database: Database, clock: FixedClock) -> App:
    async with database.begin() as session:
        await lists.add(session, a_list())
    return an_app(database, FakeMailer(), clock)


def with_settings(app: App, clock: FixedClock, **signup: object) -> App:
    return an_app(app.database, FakeMailer(), clock, {"signup": signup})


def from_elsewhere(number: int) -> str:
    """An address in a network of its own."""
    return f"{20 + number // 250 % 200}.{number % 250}.{number // 50_000}.7"


async def posts(app: App, count: int, *, victims: int, first: int = 0) -> None:
    for number in range(first, first + count):
        await signups.take(
            app, "daily", f"r{number % victims}@v{number % victims}.example", came_from=from_elsewhere(number)
        )


async def counted(app: App, table: type) -> int:
    async with app.database.begin() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def settle(app: App) -> None:
    while await signups.settle(app):
        pass


@pytest.mark.red("sign-up-flood")
@pytest.mark.parametrize(
    "count", [200, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
async def test_a_flood_from_everywhere_is_one_mail_an_address_at_most(app: App, count: int):
    await posts(app, count, victims=100)
    await settle(app)
    assert 0 < await counted(app, Notice) <= 100
    assert await counted(app, Subscription) <= 100


async def test_limits_hold_for_all_processes_together(app: App, clock: FixedClock):
    other = an_app(app.database, FakeMailer(), clock)
    answers = [
        await signups.take(one, "daily", f"r{number}@x.example", came_from=HOME)
        for number in range(11)
        for one in (app, other)
    ]
    assert answers == [FormAnswer.TAKEN] * 20 + [FormAnswer.BUSY] * 2
    clock.forward(timedelta(hours=2))
    assert await signups.take(other, "daily", "late@x.example", came_from=HOME) is FormAnswer.TAKEN


async def test_parallel_posts_are_all_counted(app: App):
    await asyncio.gather(
        *(signups.take(app, "daily", f"r{n}@x{n % 3}.example", came_from=HOME) for n in range(30))
    )
    assert (await counted(app, Signup), len(await defence.blocked(app))) == (20, 10)


async def test_people_behind_an_exempted_network_are_all_taken(app: App, clock: FixedClock):
    campus = with_settings(app, clock, exempt_networks=["203.0.113.0/24"])
    answers = {await signups.take(campus, "daily", f"r{n}@x{n}.example", came_from=HOME) for n in range(40)}
    assert answers == {FormAnswer.TAKEN}


async def test_one_domain_is_not_flooded_and_nobody_is_told(app: App, clock: FixedClock):
    strict = with_settings(app, clock, domain_an_hour=3)
    answers = [
        await signups.take(strict, "daily", f"r{n}@victim.example", came_from=from_elsewhere(n))
        for n in range(5)
    ]
    assert set(answers) == {FormAnswer.TAKEN}
    assert [one.signup.reason for one in await defence.blocked(strict, "daily")] == ["domain", "domain"]
    assert await counted(app, Signup) == 3


async def test_what_was_kept_back_can_be_let_through_for_seven_days(app: App, clock: FixedClock):
    form = SentForm(came_from=HOME, page="/l/daily/subscribe", words="نعم", trapped=True)
    for name in ("amal", "badr"):
        await signups.take_form(app, "daily", f"{name}@x.example", form)
    await settle(app)
    assert await counted(app, Notice) == 0
    late, early = await defence.blocked(app)
    assert (late.slug, late.signup.reason, late.signup.page) == (
        "daily",
        "hidden-field",
        "/l/daily/subscribe",
    )
    with pytest.raises(NotFoundError, match="no blocked sign-up 999"):
        await defence.release(app, [early.signup.id, 999])
    assert len(await defence.blocked(app)) == 2
    assert await defence.release(app, [early.signup.id]) == 1
    await settle(app)
    assert await counted(app, Notice) == 1
    clock.forward(timedelta(days=7, seconds=1))
    assert await defence.blocked(app) == []
    await tasks.sweep(app)
    async with app.database.begin() as session:
        assert (await session.exec(select(SignupCount))).all() == []


async def test_many_who_ask_and_few_who_confirm_tighten_the_limits_until_it_ends(app: App, clock: FixedClock):
    app = an_app(app.database, FakeMailer(), clock, {"alarm": {"email": "desk@mujaz.example"}})
    await posts(app, 59, victims=59)
    assert await defence.attacked_lists(app) == []
    await posts(app, 40, victims=1000, first=59)
    assert await defence.attacked_lists(app) == ["daily"]
    await tasks.run_due(app)
    async with app.database.begin() as session:
        (alarm,) = (await session.exec(select(Alarm).where(Alarm.kind == "sign-up-attack"))).all()
    assert alarm.about == "daily"
    kept = await defence.blocked(app)
    assert {one.signup.reason for one in kept} == {"list"}
    assert len(kept) == 39
    form = SentForm(came_from="198.51.100.1", stamp="")
    clock.forward(timedelta(hours=2))
    assert await defence.attacked_lists(app) == []
    assert await signups.take_form(app, "daily", "amal@x.example", form) is FormAnswer.TAKEN


async def test_one_client_that_is_refused_makes_no_list_look_attacked(app: App):
    for number in range(100):
        await signups.take(app, "daily", f"r{number}@v{number}.example", came_from=HOME)
    assert await defence.attacked_lists(app) == []


async def test_people_who_confirm_are_no_attack(app: App):
    for number in range(70):
        email = f"r{number}@v{number}.example"
        await consent.request(app, "daily", email, came_from=from_elsewhere(number))
        if number % 5 == 0:
            async with app.database.begin() as session:
                person = await stored.by_email(session, email)
            token = app.links.confirm("daily", person.key, NOW).rpartition("/")[2]
            await consent.confirm(app, "daily", token, came_from=HOME)
    assert await defence.attacked_lists(app) == []
    assert await defence.blocked(app) == []
    (day,) = await funnel(app, "daily", days=1)
    assert (day.asked, day.confirmed) == (70, 14)


async def test_under_attack_a_form_without_its_time_is_asked_for_again(app: App, clock: FixedClock):
    tight = with_settings(app, clock, attack="on")
    answer = await signups.take_form(tight, "daily", "amal@x.example", SentForm(came_from=HOME, stamp=""))
    assert answer is FormAnswer.AGAIN
    assert await counted(app, Signup) == 0


async def test_a_sign_up_that_nobody_confirms_is_forgotten_after_seven_days(app: App, clock: FixedClock):
    await consent.request(app, "daily", "amal@x.example", came_from=HOME)
    clock.forward(timedelta(days=7, seconds=1))
    await tasks.sweep(app)
    assert await counted(app, Subscription) == 0
