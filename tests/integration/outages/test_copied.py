"""A database that was copied, unpacked or replaced is noticed by its mark, and one that works on is not."""

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlmodel import select

from digest.errors import InputError, StoreError
from digest.model import EditionState, Instance
from digest.services import tasks
from digest.services.copies import watch
from digest.services.editions import publish
from digest.services.editions.lifecycle import restored
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage import instances
from digest.storage.database.backup import back_up, restore
from digest.storage.database.engine import Database
from digest.storage.database.mark_file import MarkFile
from tests.integration.editions.test_editions import DUE, a_morning, all_editions
from tests.integration.outages import restoring
from tests.integration.outages.restoring import (
    READERS,
    Embedded,
    Place,
    before_it_is_made,
    composed,
)

place = restoring.place


async def test_an_older_versions_database_and_a_new_one_are_taken_over_without_a_word(place: Place):
    await a_morning(place.app, readers=READERS)
    plain = replace(place.app, mark=None)
    plain.queue.start(plain)
    await tasks.run_due(plain)
    await plain.queue.idle()
    await plain.queue.stop()
    assert len(place.mailer.taken) == READERS
    assert place.mark.read() is None
    assert await watch.look(place.app, thorough=True) is None
    assert place.mark.read() is not None
    place.clock.forward(timedelta(days=1))
    assert await watch.look(place.app, thorough=True) is None


async def test_after_a_crash_a_send_goes_on_by_itself(place: Place):
    await a_morning(place.app, readers=READERS)
    app = place.app
    await watch.look(app)
    await publish.make_due(app, 1)
    place.mailer.gate.clear()
    work = asyncio.create_task(deliver_batch(app, (await due_batches(app, place.clock.now(), 10))[0]))
    await place.mailer.busy.wait()
    place.mailer.gate.set()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    place.clock.forward(timedelta(minutes=5))
    await place.tick()
    assert (await composed(place)).state is EditionState.FINISHED
    assert len(place.mailer.taken) == READERS


async def test_machines_that_share_a_server_do_not_alarm_each_other(place: Place, tmp_path: Path):
    if isinstance(place, Embedded):
        other = place.mark  # of one file there is one mark, which all processes share
    else:
        other = MarkFile(tmp_path / "other-machine.mark")
    await a_morning(place.app, readers=READERS)
    apps = [place.app, replace(place.app, mark=other)]
    for app in apps:
        assert await watch.look(app, thorough=True) is None
    await publish.make_due(apps[0], 1)
    for number, batch in enumerate(await due_batches(apps[0], place.clock.now(), 10)):
        await deliver_batch(apps[number % 2], batch)
    third = replace(place.app, mark=other if isinstance(place, Embedded) else MarkFile(tmp_path / "new.mark"))
    for app in (*apps, third):
        assert await watch.look(app, thorough=True) is None
    assert (len(place.mailer.taken), place.twice) == (READERS, 0)


async def test_machines_that_share_a_server_all_know_when_a_person_has_said(place: Place, tmp_path: Path):
    await a_morning(place.app, readers=READERS)
    other = place.mark if isinstance(place, Embedded) else MarkFile(tmp_path / "other-machine.mark")
    await watch.look(replace(place.app, mark=other))
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    await watch.look(replace(place.app, mark=other))
    await place.take_back(copy)
    await restored.count_as_sent(place.app)
    assert await watch.look(replace(place.app, mark=other)) is None


@pytest.mark.red("restore-doubles")
async def test_a_copy_started_elsewhere_holds_what_is_due_and_says_so(place: Place, tmp_path: Path):
    await a_morning(place.app, readers=READERS)
    await place.tick()
    place.clock.forward(timedelta(days=1))
    (tmp_path / "elsewhere").mkdir()
    if isinstance(place, Embedded):
        url = f"sqlite:///{tmp_path}/elsewhere/subscribers.db"
        shutil.copy(await place.copy(), tmp_path / "elsewhere" / "subscribers.db")
        drop = ""
    else:
        await place.database.close()
        drop = f"copy_{uuid4().hex[:8]}"
        name = re.search(r"/(test_\w+)", place.url)[1]
        with psycopg.connect(place.url.replace(name, "postgres"), autocommit=True) as connection:
            # Only what nobody is connected to can be copied, and the tests' own connection waits there.
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            connection.execute(f"CREATE DATABASE {drop} TEMPLATE {name}")
        url = place.url.replace(name, drop)
    clone = Place(url, tmp_path / "elsewhere", tmp_path / "elsewhere" / "subscribers.db.mark")
    clone.clock = place.clock
    await clone.tick()
    assert not clone.mailer.taken
    latest = (await all_editions(clone.app))[-1]
    assert latest.state is EditionState.HELD
    assert "is a copy" in (latest.held_reason or "")
    await clone.database.close()
    if drop:
        with psycopg.connect(place.url.replace(name, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {drop} WITH (FORCE)")


async def test_a_folder_that_was_unpacked_elsewhere_is_a_copy_with_its_mark(tmp_path: Path):
    place = Embedded(f"sqlite:///{tmp_path}/digest.db", tmp_path, tmp_path / "digest.db.mark")
    await place.database.upgrade()
    await a_morning(place.app, readers=READERS)
    await place.tick()
    await place.database.close()
    shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-copy"))
    there = tmp_path.with_name(f"{tmp_path.name}-copy")
    clone = Embedded(f"sqlite:///{there}/digest.db", there, there / "digest.db.mark")
    assert "is a copy" in (await watch.look(clone.app) or "")
    await clone.database.close()


async def test_the_embedded_mailbox_is_evidence_when_the_mark_is_lost(tmp_path: Path):
    from digest.deliver.embedded.server import EmbeddedMailer

    place = Embedded(f"sqlite:///{tmp_path}/digest.db", tmp_path, tmp_path / "digest.db.mark")
    await place.database.upgrade()
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await place.copy()
    app = place.app
    async with EmbeddedMailer(app.settings.mail, app.settings.mailbox.folder) as mailer:
        sending = replace(app, mailer=mailer)
        edition = await publish.make_due(sending, 1)
        assert (await deliver_edition(sending, edition.id, lambda _: None)).sent == READERS
    assert await watch.look(place.app, thorough=True) is None
    await place.take_back(copy)
    place.mark.path.unlink()
    await place.tick()
    assert not place.mailer.taken
    assert "embedded mailbox" in ((await composed(place)).held_reason or "")
    await place.database.close()


async def test_a_restore_refuses_while_in_use_keeps_the_old_file_and_takes_only_ours(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/digest.db"
    database = Database(url)
    await database.upgrade()
    copy = tmp_path / "copy.db"
    await asyncio.to_thread(back_up, url, copy)
    async with database.begin() as session:
        await instances.ensure(session, DUE)
    with pytest.raises(StoreError, match="Somebody works with"):
        await asyncio.to_thread(restore, url, copy, DUE)
    await database.close()
    with pytest.raises(InputError, match="no copy of a database"):
        await asyncio.to_thread(restore, url, tmp_path / "digest.db.txt", DUE) if (
            tmp_path / "digest.db.txt"
        ).write_text("no database" * 500) else None
    with pytest.raises(InputError, match="There is no file"):
        await asyncio.to_thread(restore, url, tmp_path / "none.db", DUE)
    with pytest.raises(InputError, match="the database itself"):
        await asyncio.to_thread(restore, url, tmp_path / "digest.db", DUE)
    with pytest.raises(InputError, match="PostgreSQL"):
        await asyncio.to_thread(restore, "postgresql://localhost/digest", copy, DUE)
    kept = [await asyncio.to_thread(restore, url, copy, DUE) for _ in range(2)]
    assert [one.name for one in kept if one] == [
        "digest.db.before-20260105-033000",
        "digest.db.before-20260105-033000-2",
    ]
    with closing(sqlite3.connect(kept[0])) as opened:
        assert opened.execute("SELECT count(*) FROM instance").fetchone() == (1,)
    assert (tmp_path / "digest.db").stat().st_mode & 0o777 == 0o600
    database = Database(url)
    async with database.begin() as session:
        assert (await session.exec(select(Instance))).first() is None
    await database.close()
