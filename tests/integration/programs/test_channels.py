"""Editions reach Telegram and programs beside mail, each with its row in the ledger, whatever breaks on the
way."""

import json
from datetime import date, timedelta

import pytest

from digest.errors import InputError
from digest.model import (
    ChannelKind,
    EditionKind,
    EditionState,
    MailingList,
    PostState,
    Section,
    Summary,
    SummarySentence,
)
from digest.services.app import App
from digest.services.channels import setup
from digest.services.editions import corrections
from digest.services.editions.lifecycle.approval import Issue, approve
from digest.storage.editions import editions
from tests.builders import NOW, a_story, an_edition, an_edition_content
from tests.integration.programs.hooks import verified
from tests.integration.programs.listener import Listener, Passing
from tests.integration.programs.telegram import Telegram, begin, chat


async def test_an_edition_is_posted_when_it_starts_once(app: App, telegram: Telegram, daily: MailingList):
    await chat(app)
    await begin(app, daily)
    assert await telegram.posts() == 1
    assert await telegram.posts() == 0
    ((method, said),) = telegram.said
    assert telegram.listener.heard[0][0] == "/bot123:token/sendMessage"
    assert method == "sendMessage"
    assert said["chat_id"] == "@mujaz_news"
    assert said["parse_mode"] == "HTML"
    assert said["link_preview_options"] == {"is_disabled": True}
    assert "افتتاح جسر المرفأ الجديد" in said["text"]
    assert "https://news.mujaz.example/l/daily/1" in said["text"]
    (listed,) = await setup.every(app)
    assert (listed.planned, listed.sent, listed.failed, listed.waiting) == (1, 1, 0, 0)


async def test_a_correction_changes_what_stands_there(app: App, telegram: Telegram, daily: MailingList):
    await chat(app)
    edition = await begin(app, daily)
    await telegram.posts()
    async with app.database.begin() as session:
        started = await editions.by_id(session, edition.id or 0)
    assert started is not None
    await corrections.correct(app, started, "الجسر بطول كيلومتر واحد.")
    assert await telegram.posts() == 1
    method, said = telegram.said[-1]
    assert (method, said["message_id"]) == ("editMessageText", 100)
    assert "الجسر بطول كيلومتر واحد." in said["text"]
    assert said["link_preview_options"] == {"is_disabled": True}
    (row,) = await telegram.rows()
    assert (row.state, row.revision, len(row.parts)) == (PostState.SENT, 1, 1)


async def test_a_long_edition_goes_on_where_it_broke_off(
    app: App, telegram: Telegram, daily: MailingList, clock: Passing
):
    await chat(app)
    stories = tuple(
        a_story(f"خبر {number}", summary=Summary(sentences=(SummarySentence(text="ك" * 900),)))
        for number in range(12)
    )
    content = an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    async with app.database.begin() as session:
        found = await editions.by_number(session, daily.id or 0, 1)
        assert found is not None
        found.content = content.model_dump(mode="json")
    await begin(app, daily)
    telegram.listener.answers = [telegram.takes, 502]
    await telegram.posts()
    (row,) = await telegram.rows()
    assert (row.state, len(row.parts)) == (PostState.WAITING, 1)
    telegram.listener.answers = [telegram.takes]
    clock.passes(minutes=1)
    await telegram.posts()
    (row,) = await telegram.rows()
    assert row.state is PostState.SENT
    sent = [said["text"] for method, said in telegram.said if method == "sendMessage"]
    assert len(sent) == len(row.parts) + 1, "only what was refused is sent twice"
    assert len(set(sent)) == len(row.parts)


async def test_alerts_and_editions_go_where_they_are_wanted(app: App, telegram: Telegram, daily: MailingList):
    await chat(app, editions=False)
    await begin(app, daily)
    assert await telegram.posts() == 0
    async with app.database.begin() as session:
        alert = an_edition(
            daily.id or 0, number=2, kind=EditionKind.BREAKING, topic="x", subject="عاجل: زلزال"
        )
        session.add(alert)
        for number, more in ((3, {"corrects": 2}), (4, {"segment": {"name": "x"}})):
            session.add(
                an_edition(
                    daily.id or 0, number=number, kind=EditionKind.BREAKING, topic=f"t{number}", **more
                )
            )
    await begin(app, daily, 2)
    assert await telegram.posts() == 1
    assert "عاجل: زلزال" in telegram.said[0][1]["text"]


async def test_a_program_gets_the_edition_signed_and_its_correction(
    app: App, listener: Listener, telegram: Telegram, daily: MailingList
):
    made = await setup.add(app, "wa", ChannelKind.WEBHOOK, f"http://{listener.host}/whatsapp")
    edition = await begin(app, daily)
    await telegram.posts()
    path, headers, body = listener.heard[0]
    assert path == "/whatsapp"
    assert verified(made.secret, headers, body)
    said = json.loads(body)
    assert said["type"] == "edition.posted"
    assert said["data"]["sections"][0]["stories"][0]["headline"] == "افتتاح جسر المرفأ الجديد"
    async with app.database.begin() as session:
        started = await editions.by_id(session, edition.id or 0)
    assert started is not None
    await corrections.correct(app, started, "تصويب")
    await telegram.posts()
    corrected = json.loads(listener.heard[1][2])
    assert (corrected["type"], corrected["data"]["corrections"]) == ("edition.corrected", ["تصويب"])
    assert listener.heard[1][1]["webhook-id"] != headers["webhook-id"]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("telegram", "mujaz"), ("telegram", "https://t.me/mujaz"), ("telegram", ""), ("telegram", "@a b"),
        ("webhook", "https://10.0.0.1/"), ("webhook", "http://example.com/"),
    ],
)  # fmt: skip
async def test_what_is_no_channel_is_not_set_up(app: App, daily: MailingList, kind: str, target: str):
    with pytest.raises(InputError):
        await setup.add(app, "x", ChannelKind(kind), target)
    assert await setup.every(app) == []


async def test_editors_are_told_once_of_what_waits_for_an_approval_and_of_nothing_else(
    app: App, telegram: Telegram, daily: MailingList
):
    await setup.add(app, "desk", ChannelKind.TELEGRAM, "-1001234567890", approvals=True)
    content = an_edition_content(number=2, local_date=date(2026, 1, 6))
    issue = Issue(content=content, deadline=NOW, is_draft=True, due_at=NOW + timedelta(hours=1))
    for _ in range(2):
        made = await approve(app, daily, issue)
        assert made is not None
        assert made.state is EditionState.DRAFT
    assert await telegram.posts() == 1
    assert await telegram.posts() == 0
    ((_, said),) = telegram.said
    assert said["chat_id"] == "-1001234567890"
    assert "ينتظر الاعتماد" in said["text"]
    assert f"/desk/lists/daily/editions/{made.number}" in said["text"]
    await begin(app, daily)
    assert await telegram.posts() == 0
