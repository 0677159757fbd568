"""Finding a person, a person's whole life, and forgetting one: the commands, with the files that they
leave.
"""

import asyncio
import csv
import io
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import Result

from digest.model import (
    BounceEvent,
    ConsentEvent,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionState,
    ImportRun,
    Notice,
    Signup,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.services.audience.admin import retention, searching
from digest.services.sending import life
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription
from tests.fakes_delivery import an_app, keep_an_edition
from tests.integration.people.conftest import answered

Digest = Callable[..., Result]
AMAL, BADR = "amal.harbi@mujaz.example", "badr@mujaz.example"


@pytest.mark.parametrize(
    "words", ["احمد", "أحمد", "أَحْمَد", "الشــرقاوي", "الشرقاوى", "HMED", "ahmed@", "صحافه", "١٩٨٠", "1980"]
)
async def test_a_person_is_found_however_the_name_is_spelled(database: Database, words: str):
    app = an_app(database)
    async with database.begin() as session:
        session.add_all(
            [one := a_list(), person := a_subscriber(email="ahmed@mujaz.example", name="أحمد الشرقاوي ١٩٨٠")]
        )
        session.add(other := a_subscriber(2, name="سلمى"))
        await session.flush()
        session.add_all([a_subscription(one.id, person.id), a_subscription(one.id, other.id)])
        await session.flush()
    from digest.services.audience.segments import tags

    await tags.give(app, one, ["ahmed@mujaz.example"], "صحافة")
    found = await searching.search(app, words)
    assert [each.email for each, _ in found] == ["ahmed@mujaz.example"]
    assert await searching.search(app, "غائب") == []


async def test_the_whole_life_of_a_person_is_told(database: Database):
    app = an_app(database)
    edition = await keep_an_edition(database, [AMAL])
    async with database.begin() as session:
        session.add(
            Delivery(
                edition_id=edition.id, subscriber_id=1, status=DeliveryStatus.SENT, code=250, reply="2.0.0 kept",
                attempts=2, at=NOW, history=[(NOW.isoformat(), 450, "try later")],
            )
        )  # fmt: skip
        session.add(BounceEvent(subscriber_id=1, at=NOW, event="bounce", words="mailbox full"))
        session.add(ConsentEvent(list_id=1, subscriber_id=1, at=NOW, event="confirmed", how="link"))
    found = await life.of(app, AMAL)
    assert [(one.code, one.words) for one in found.mail[0].tries] == [(450, "try later"), (250, "2.0.0 kept")]
    assert [one.words for one in found.evidence.events] == ["mailbox full"]
    assert [one.event for one in found.profile.events] == ["confirmed"]


def test_show_tells_of_fields_tags_and_suppression_as_json(digest: Digest):
    digest("subscribers", "add", AMAL, "--name", "أمل")
    digest("fields", "add", "city")
    digest("fields", "set", AMAL, "city=الرياض")
    digest("tags", "add", "vip", AMAL)
    digest("suppress", "add", AMAL, "--reason", "by phone")
    shown = answered(digest("subscribers", "show", AMAL, "--json"))
    assert (shown["name"], shown["suppression"]["note"]) == ("أمل", "by phone")
    assert (shown["lists"][0]["fields"], shown["lists"][0]["tags"]) == ({"city": "الرياض"}, ["vip"])
    assert shown["consent_events"][0]["event"] == "added"
    words = digest("subscribers", "show", AMAL).stdout
    assert "city = الرياض" in words
    assert "No edition was ever planned" in words


def test_every_command_about_people_answers_as_json(digest: Digest, tmp_path: Path):
    assert answered(digest("subscribers", "add", AMAL, "--json")) == {
        "email": AMAL,
        "list": "daily",
        "added": True,
    }
    assert answered(digest("subscribers", "search", "harbi", "--json"))[0]["email"] == AMAL
    assert (
        answered(digest("subscribers", "set", AMAL, "--frequency", "weekly", "--json"))["frequency"]
        == "weekly"
    )
    assert answered(digest("subscribers", "enable", AMAL, "--json"))["enabled"] is False
    (tmp_path / "people.csv").write_text(f"email\n{BADR}\n", encoding="utf-8")
    done = answered(digest("subscribers", "import", "people.csv", "--json"))
    assert (done["counts"]["added"], done["rows"], done["columns"]["email"]) == (1, 1, ["email"])
    assert answered(digest("subscribers", "undo-import", str(done["import_id"]), "--json"))["taken"] == 1
    assert answered(digest("lists", "list", "--json"))[0]["slug"] == "daily"
    assert answered(digest("subscribers", "forget", AMAL, "--json")) == {
        "forgotten": True,
        "messages": 0,
        "later": "",
    }
    assert answered(digest("subscribers", "remove-samples", "--json")) == {"removed": 0}


def test_an_export_has_what_a_list_asks_and_nothing_that_a_spreadsheet_runs(digest: Digest, tmp_path: Path):
    digest("subscribers", "add", AMAL, "--name", "=1+1")
    digest("subscribers", "add", BADR)
    digest("fields", "add", "city")
    digest("fields", "set", AMAL, "city=-الرياض")
    digest("tags", "add", "vip", AMAL)
    digest("segments", "add", "vips", "--include", "tag is vip")
    rows = list(csv.DictReader(io.StringIO(digest("subscribers", "export", "--list", "daily").stdout)))
    assert [one["email"] for one in rows] == [AMAL, BADR]
    assert (rows[0]["name"], rows[0]["city"], rows[0]["tags"]) == ("'=1+1", "'-الرياض", "vip")
    assert digest("subscribers", "export", "--segment", "vips", "--machine", "--to", "out.csv").exit_code == 0
    written = (tmp_path / "out.csv").read_bytes().decode()
    (only,) = csv.DictReader(io.StringIO(written))
    assert (only["name"], only["city"]) == ("=1+1", "-الرياض")
    every = list(csv.DictReader(io.StringIO(digest("subscribers", "export").stdout)))
    assert [one["list"] for one in every] == ["daily", "daily"]


def everywhere(folder: Path, words: str) -> list[str]:
    """Return the files below a folder in which the words stand, in any capitals or as base64 would hide
    them.
    """
    import base64

    hidden = base64.b64encode(words.encode())[:-4]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and (words.encode() in (content := path.read_bytes().lower()) or hidden.lower() in content)
    ]


@pytest.mark.red("erasure")
def test_who_is_forgotten_is_in_no_file_of_the_folder(digest: Digest, tmp_path: Path):
    digest("subscribers", "add", AMAL, "--name", "أمل")
    digest("subscribers", "add", BADR)
    digest("fields", "add", "city")
    digest("fields", "set", AMAL, "city=الرياض")
    digest("tags", "add", "vip", AMAL)
    ran = digest("run", "--demo")
    assert ran.exit_code == 0, ran.output
    assert any("mailbox" in one for one in everywhere(tmp_path, AMAL))
    assert any(one.startswith("digest.db") for one in everywhere(tmp_path, AMAL))
    done = answered(digest("subscribers", "forget", AMAL.upper(), "--json"))
    assert (done["messages"], done["later"]) == (1, "")
    assert everywhere(tmp_path, AMAL) == []
    assert AMAL not in ran.output.lower()
    assert everywhere(tmp_path, BADR)
    assert answered(digest("suppress", "show", AMAL, "--json"))["suppressed"]["reason"] == "removed"
    assert "must never be mailed" in str(digest("subscribers", "add", AMAL).exception)
    assert "Nobody has the address" in str(digest("subscribers", "forget", AMAL).exception)


def test_a_sign_up_that_waits_is_forgotten_too(digest: Digest, tmp_path: Path):
    digest("subscribers", "add", BADR)

    async def ask() -> None:
        database = Database(os.environ["DIGEST_DATABASE__URL"])
        async with database.begin() as session:
            session.add(Signup(list_id=1, email=AMAL, came_from="192.0.2.7", at=NOW))
        await database.close()

    asyncio.run(ask())
    assert everywhere(tmp_path, AMAL)
    assert answered(digest("subscribers", "forget", AMAL, "--json"))["forgotten"] is True
    assert everywhere(tmp_path, AMAL) == []


async def test_addresses_and_words_go_when_they_are_too_old_and_what_happened_stays(database: Database):
    app = an_app(database, settings={"retention": {"ip_days": 100, "reply_days": 50, "bounce_days": 10}})
    old = await keep_an_edition(database, [AMAL, BADR], edition={"state": EditionState.FINISHED})
    async with database.begin() as session:
        session.add(ImportRun(list_id=1, file="people.csv", at=NOW))
        for subscriber_id, how, source in ((1, "form", "192.0.2.7"), (2, "import", "people.csv")):
            kept = await session.get(Subscription, (1, subscriber_id))
            kept.consent_how, kept.consent_from = how, source
            kept.requested_at = kept.confirmed_at = NOW - timedelta(days=101)
            session.add(kept)
            session.add(
                ConsentEvent(
                    list_id=1, subscriber_id=subscriber_id, at=NOW - timedelta(days=101), event="asked", how=how,
                    came_from=source,
                )
            )  # fmt: skip
            session.add(
                ConsentEvent(
                    list_id=1, subscriber_id=1, at=NOW, event="left", how="link", came_from="192.0.2.8"
                )
            )
            session.add(
                Delivery(
                    edition_id=old.id, subscriber_id=subscriber_id, status=DeliveryStatus.SENT, code=250,
                    reply="2.0.0 ok", at=NOW, history=[(NOW.isoformat(), 450, "later")], attempts=2,
                )
            )  # fmt: skip
        for how in ("one-click", "undo", "preferences"):
            gone = ConsentEvent(
                list_id=1,
                subscriber_id=2,
                at=NOW - timedelta(days=101),
                event="left",
                how=how,
                came_from="192.0.2.9",
            )
            session.add(gone)
        session.add(Notice(list_id=1, subscriber_id=2, created_at=NOW - timedelta(days=51), reply="2.0.0 ok"))
        kept_edition = await session.get(Edition, old.id)
        kept_edition.created_at = NOW - timedelta(days=51)
        session.add(kept_edition)
        session.add(
            BounceEvent(
                subscriber_id=1, at=NOW - timedelta(days=11), event="bounce", words="full", step="probe"
            )
        )
    assert await retention.forget_old(app, NOW) == {"addresses": 5, "bounces": 1, "clicks": 0, "replies": 3}
    async with database.begin() as session:
        events = (await session.exec(select(ConsentEvent).order_by(ConsentEvent.id))).all()
        sent = (await session.exec(select(Delivery))).all()
        bounce = (await session.exec(select(BounceEvent))).one()
        people = (await session.exec(select(Subscription).order_by(Subscription.subscriber_id))).all()
    assert {(one.how, one.came_from) for one in events} == {
        *((how, "") for how in ("form", "one-click", "undo", "preferences")),
        ("import", "people.csv"),
        ("link", "192.0.2.8"),
    }
    assert [one.consent_from for one in people] == ["", "people.csv"]
    assert {(one.status, one.code, one.reply, tuple(one.history)) for one in sent} == {
        (DeliveryStatus.SENT, 250, "", ())
    }
    assert (bounce.words, bounce.step) == ("", "probe")
    assert await retention.forget_old(app, NOW) == {"addresses": 0, "bounces": 0, "clicks": 0, "replies": 0}
    assert people[0].state is SubscriptionState.CONFIRMED
    async with database.begin() as session:
        assert len((await session.exec(select(Subscriber))).all()) == 2


def test_what_nobody_has_is_said_with_its_suppression(digest: Digest):
    digest("subscribers", "add", AMAL)
    digest("subscribers", "forget", AMAL)
    assert "It is suppressed since" in str(digest("subscribers", "show", AMAL).exception)
    assert json.loads(digest("suppress", "list", "--json").stdout)["reason"] == "removed"
