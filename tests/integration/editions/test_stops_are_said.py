"""What stops or delays an edition is said by `digest run`, and a page that was mailed answers for ever."""

from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.entrypoints.cli.run import _lines
from digest.errors import EditionHeldError, EditionStoppedError, InputError
from digest.model import EditionState, MailingList
from digest.model.editions.edition_moves import Move
from digest.services.app import App, SilentProgress
from digest.services.editions import public, publish
from digest.services.editions.run.run import RunRequest, RunResult
from digest.services.editions.run.run import run as run_digest
from digest.services.sending import deliveries
from digest.storage.database.engine import Database
from tests.builders import a_source
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, a_morning, all_editions


@pytest.fixture
def app(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    async def none(*_: object) -> list[object]:
        return []

    monkeypatch.setattr("digest.services.sources.polling.visit_all", none)
    return an_app(
        database, FakeMailer(), FixedClock(DUE), {"run": {"out": str(tmp_path / "out")}, "mail": {"gate": 2}}
    )


async def ready(app: App, readers: int = 6) -> MailingList:
    mailing_list = await a_morning(app, readers=readers)
    async with app.database.begin() as session:
        session.add(a_source())
    return mailing_list


async def run(app: App) -> RunResult:
    return await run_digest(app, RunRequest(), SilentProgress())


def refuse_all(app: App, code: int, words: str, readers: int = 6) -> None:
    for number in range(1, readers + 1):
        app.mailer.refuses(f"reader{number}@mujaz.example", code, words)


async def test_a_pause_during_a_run_is_said_in_the_servers_own_words(app: App):
    await ready(app)
    refuse_all(app, 554, "5.7.1 نرفض هذا المرسل")
    done = await run(app)
    assert done.edition is not None
    assert done.edition.state is EditionState.PAUSED
    assert done.stopped == "paused: the server objects to the sender: 554 5.7.1 نرفض هذا المرسل"
    assert EditionStoppedError.exit_code == 9
    with pytest.raises(EditionHeldError, match=r"554 5\.7\.1 .*digest editions resume 1"):
        await run(app)


async def test_readers_who_wait_are_said_with_the_reason_and_the_time(app: App):
    await ready(app)
    refuse_all(app, 451, "4.3.0 later")
    for _ in range(2):
        done = await run(app)
        assert done.waits is not None
        assert (done.waits.count, done.waits.words) == (6, (("451 4.3.0 later", 6),))
        said = "\n".join(_lines(done, RunRequest()))
        assert "Waiting     6 wait for another try, the first at 2026-01-05" in said
        assert "6: the server said 451 4.3.0 later" in said
        assert "went out before" not in said
    for number in range(1, 7):
        app.mailer.accepts(f"reader{number}@mujaz.example")
    app.clock.at = done.waits.next_at
    done = await run(app)
    assert (done.waits, done.balance.sent, done.already) == (None, 6, False)


async def test_everybody_mailed_before_is_said_so_and_the_reasons_are_kept(app: App):
    await ready(app)
    first = await run(app)
    assert not first.already
    done = await run(app)
    assert (done.already, done.waits, done.stopped) == (True, None, "")
    assert done.preview is not None
    told = done.preview.why.read_text(encoding="utf-8")
    assert len(told.splitlines()) == 4


async def test_a_run_after_a_cancel_never_advises_what_is_refused(app: App):
    mailing_list = await ready(app)
    await run(app)
    (edition,) = await all_editions(app)
    await deliveries.retry(app, edition, [])
    async with app.database.begin() as session:
        found = await session.get(type(edition), edition.id)
        found.state, found.finished_at = EditionState.CANCELLED, None
        session.add(found)
    with pytest.raises(EditionHeldError) as told:
        await run(app)
    assert "is cancelled" in str(told.value)
    assert "resume" not in str(told.value)
    with pytest.raises(InputError, match="is cancelled: it was cancelled, and that is for good"):
        await publish.resume(app, await publish.by_number(app, mailing_list, 1))


async def test_a_finished_edition_is_not_resumed_and_so_neither_paused_nor_cancelled(app: App):
    mailing_list = await ready(app)
    await run(app)
    edition = await publish.by_number(app, mailing_list, 1)
    finished = edition.finished_at
    with pytest.raises(InputError, match="Edition 1 is finished: it went out; nobody waits in it"):
        await publish.resume(app, edition)
    for move in (Move.PAUSE, Move.CANCEL, Move.RESUME):
        with pytest.raises(InputError, match="Edition 1 is finished"):
            await deliveries.move_by_hand(app, edition, move)
    edition = await publish.by_number(app, mailing_list, 1)
    assert (edition.state, edition.finished_at) == (EditionState.FINISHED, finished)


@pytest.mark.parametrize("state", [EditionState.CANCELLED, EditionState.HELD, EditionState.PAUSED])
async def test_a_page_that_was_mailed_answers_for_ever(app: App, state: EditionState):
    mailing_list = await ready(app)
    app.mailer.refuses("reader3@mujaz.example", 451, "4.3.0 later")
    await run(app)
    async with app.database.begin() as session:
        edition = await session.get(type((await all_editions(app))[0]), 1)
        edition.state = state
        session.add(edition)
    found = await public.edition(app, mailing_list.slug, 1)
    assert (found.edition.number, len(found.content.stories)) == (1, 4)
    assert [one.number for one in (await public.archive(app, mailing_list.slug)).editions] == [1]


async def test_a_page_of_which_nobody_has_a_mail_is_not_there(app: App):
    mailing_list = await ready(app)
    refuse_all(app, 451, "4.3.0 later")
    await run(app)
    await deliveries.move_by_hand(app, (await all_editions(app))[0], Move.CANCEL)
    with pytest.raises(InputError, match="no edition 1"):
        await public.edition(app, mailing_list.slug, 1)
    assert (await public.archive(app, mailing_list.slug)).editions == ()


async def test_a_run_alone_tells_its_alarms(app: App, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []

    async def tell(_app: App, alarm_id: int) -> bool:
        told.append(str(alarm_id))
        return True

    monkeypatch.setattr("digest.services.alarms.delivery.send_alarm", tell)
    alarmed = an_app(
        app.database,
        app.mailer,
        app.clock,
        {**app.settings.model_dump(include={"run"}), "alarm": {"email": "chief@mujaz.example"}},
    )
    await ready(alarmed)
    refuse_all(alarmed, 554, "5.7.1 no")
    await run(alarmed)
    assert len(told) == 1


def test_the_exit_code_of_a_stopped_edition_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    assert "| 9 | `EditionStoppedError` |" in page
