"""Editing at the desk: forms without scripts, two at once, a session that ends in the middle."""

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
    MailingList,
    Role,
    Section,
)
from digest.services.app import App
from tests.builders import a_list, a_story, a_subscriber, a_subscription, an_edition, an_edition_content
from tests.integration.desk.conftest import Joins, Tab

HERE = "/desk/lists/daily/editions/1"
BRIDGE, CUP, WHEAT = "افتتاح جسر المرفأ الجديد", "نسور الواحة يفوز بكأس الشتاء", "موسم القمح يتجاوز التوقعات"
Logged = Callable[[], Awaitable[list[AuditEntry]]]


def stories() -> tuple[Section, ...]:
    return (
        Section(
            key="economy",
            title="الاقتصاد",
            stories=(
                a_story(BRIDGE, key="aaaa1111", score=3.0),
                a_story(WHEAT, key="bbbb2222", score=2.0),
            ),
        ),
        Section(
            key="sport", title="الرياضة", stories=(a_story(CUP, key="cccc3333", score=1.0, section="sport"),)
        ),
    )


@pytest.fixture
async def draft(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list(approval=Approval.OPTIONAL)
        session.add(made)
        await session.flush()
        content = an_edition_content(sections=stories()).model_dump(mode="json")
        due_at = app.clock.now() + timedelta(minutes=20)
        session.add(
            an_edition(made.id or 0, state=EditionState.DRAFT, due_at=due_at, version=1, content=content)
        )
    return made


async def edition(app: App) -> Edition:
    async with app.database.begin() as session:
        query = select(Edition).where(Edition.number == 1).execution_options(populate_existing=True)
        return (await session.exec(query)).one()


async def headlines(app: App) -> list[str]:
    return [one.headline for one in EditionContent.model_validate((await edition(app)).content).stories]


async def edits(tab: Tab, version: int, action: str, **fields: str | list[str]) -> int:
    answer = await tab.sends(f"{HERE}/edit", {"version": str(version), "action": action, **fields})
    return answer.status_code


async def test_stories_are_moved_dropped_pinned_and_restored_by_buttons_alone(
    app: App, joins: Joins, draft: MailingList, logged: Logged
):
    editor = await joins(Role.EDITOR)
    page = (await editor.opens(HERE)).text
    assert page.count("<script") == 1
    assert '<script src="/desk/desk.js" defer></script>' in page
    assert 'value="down"' in page
    assert await edits(editor, 1, "down", story="aaaa1111") == 303
    assert await headlines(app) == [WHEAT, BRIDGE, CUP]
    assert await edits(editor, 2, "move", story="cccc3333", section="economy", place="1") == 303
    assert await headlines(app) == [CUP, WHEAT, BRIDGE]
    assert await edits(editor, 3, "drop", story="bbbb2222") == 303
    assert "أخبار حُذفت" in (await editor.opens(HERE)).text
    assert await edits(editor, 4, "restore", story="bbbb2222") == 303
    assert await edits(editor, 5, "pin", story="bbbb2222") == 303
    assert await headlines(app) == [WHEAT, CUP, BRIDGE]
    answer = await editor.sends(f"{HERE}/undo", {"version": "6"})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#s-bbbb2222")
    assert [one.act for one in await logged()] == ["editions.edit"] * 5 + ["editions.undo"]
    first = (await logged())[0]
    assert (first.before, first.after) == (
        {"move": "economy 1"},
        {"move": "economy 2", "story": BRIDGE},
    )


async def test_edited_words_are_marked_and_the_original_stands_beside_them(
    app: App, joins: Joins, draft: MailingList
):
    editor = await joins(Role.EDITOR)
    assert (
        await edits(editor, 1, "words", story="aaaa1111", headline="الجسر يُفتح", headline_was=BRIDGE) == 303
    )
    page = (await editor.opens(HERE)).text
    for shown in ("محرَّر", "النص الأصلي", BRIDGE, "الجسر يُفتح"):
        assert shown in page
    assert "محرَّر" in (await editor.opens(f"{HERE}/mail.html")).text, "readers are told, too"


async def test_of_two_who_write_the_same_words_the_second_sees_both_and_loses_nothing(
    app: App, joins: Joins, draft: MailingList
):
    amal, badr = (
        await joins(Role.EDITOR, email="amal@news.example"),
        await joins(Role.EDITOR, email="badr@news.example"),
    )
    mine = {"story": "aaaa1111", "headline_was": BRIDGE}
    assert await edits(amal, 1, "words", headline="عنوان أمل", **mine) == 303
    assert await edits(badr, 1, "words", story="bbbb2222", headline="القمح", headline_was=WHEAT) == 303
    fields = {"version": "1", "action": "words", "headline": "عنوان بدر", **mine}
    answer = await badr.sends(f"{HERE}/edit", fields)
    assert answer.status_code == 409
    for shown in ("عنوان أمل", "amal@news.example", 'value="عنوان بدر"', 'name="version" value="3"'):
        assert shown in answer.text
    assert (await headlines(app))[:2] == ["عنوان أمل", "القمح"]
    assert await edits(badr, 3, "words", story="aaaa1111", headline="عنوان بدر") == 303
    assert (await headlines(app))[0] == "عنوان بدر"


async def test_what_was_not_touched_in_a_form_undoes_nobody_elses_words(
    app: App, joins: Joins, draft: MailingList
):
    editor = await joins(Role.EDITOR)
    summary = "افتتحت هيئة الطرق الجسر صباح اليوم."
    await edits(editor, 1, "words", story="aaaa1111", headline="عنوان أمل", headline_was=BRIDGE)
    status = await edits(
        editor,
        1,
        "words",
        story="aaaa1111",
        headline=BRIDGE,
        headline_was=BRIDGE,
        text="ملخص جديد.",
        text_was=summary,
    )
    assert status == 303
    assert (await headlines(app))[0] == "عنوان أمل"


async def test_a_text_that_is_refused_comes_back(joins: Joins, draft: MailingList):
    editor = await joins(Role.EDITOR)
    long = "كلمة " * 900
    answer = await editor.sends(
        f"{HERE}/edit", {"version": "1", "action": "words", "story": "aaaa1111", "text": long}
    )
    assert answer.status_code == 422
    assert "النص أطول مما يُقبل" in answer.text
    assert long.strip() in answer.text
    answer = await editor.sends(
        f"{HERE}/edit", {"version": "1", "action": "words", "story": "gone0000", "headline": "عنوان ضائع"}
    )
    assert "عنوان ضائع" in answer.text


async def test_a_session_that_ended_in_the_middle_gives_the_text_back_after_the_login(
    app: App, joins: Joins, draft: MailingList
):
    from tests.integration.desk.conftest import PASSWORD

    editor = await joins(Role.EDITOR, email="amal@news.example")
    editor.cookie = "gone"
    fields = {"version": "1", "action": "words", "story": "aaaa1111", "headline": "عنوان كُتب قبل الخروج"}
    answer = await editor.sends(f"{HERE}/edit", fields)
    assert answer.status_code == 401
    kept = answer.text.split('name="kept" value="')[1].split('"')[0].replace("&#34;", '"')
    back = await editor.sends(
        "/desk/login",
        {"email": "amal@news.example", "password": PASSWORD, "next": f"{HERE}/edit", "kept": kept},
    )
    assert "عنوان كُتب قبل الخروج" in back.text
    assert f'action="{HERE}/edit"' in back.text
    assert (await editor.sends(f"{HERE}/edit", fields)).status_code == 303
    assert (await headlines(app))[0] == "عنوان كُتب قبل الخروج"


async def test_a_publisher_does_not_edit_and_an_approved_edition_is_not_edited(
    app: App, joins: Joins, draft: MailingList
):
    publisher, editor = await joins(Role.PUBLISHER), await joins(Role.EDITOR)
    assert await edits(publisher, 1, "drop", story="aaaa1111") == 403
    assert (await publisher.sends(f"{HERE}/approve", {"version": "1"})).status_code == 303
    assert await edits(editor, 1, "drop", story="aaaa1111") == 422
    assert f'action="{HERE}/edit"' not in (await editor.opens(HERE)).text
    assert len(await headlines(app)) == 3


async def test_the_mail_is_seen_as_a_subscriber_gets_it(app: App, joins: Joins, draft: MailingList):
    async with app.database.begin() as session:
        reader = a_subscriber(1)
        session.add(reader)
        await session.flush()
        session.add(a_subscription(draft.id or 0, reader.id or 0, sections=["sport"], digits="latn"))
    editor, viewer = await joins(Role.EDITOR), await joins(Role.VIEWER)
    seen = (await editor.opens(f"{HERE}/mail.html?as={reader.email}")).text
    assert CUP in seen
    assert BRIDGE not in seen
    assert BRIDGE in (await viewer.opens(f"{HERE}/mail.html?as={reader.email}")).text, "no business of theirs"
    page = await editor.opens(f"{HERE}/preview?view=phone&as=nobody@nowhere.example")
    assert "لا أحد بهذا العنوان في النشرة" in page.text


async def test_size_and_findings_stand_below_the_preview(joins: Joins, draft: MailingList):
    editor = await joins(Role.EDITOR)
    assert await edits(editor, 1, "subject", text="عنوان " * 20) == 303
    for view in ("desktop", "phone", "dark", "text", "source"):
        page = (await editor.opens(f"{HERE}/preview?view={view}")).text
        assert "<meter" in page
        assert "والهواتف تقصّه" in page
    dark = (await editor.opens(f"{HERE}/mail.html?dark=yes")).text
    assert "prefers-color-scheme" not in dark.split("<body")[0].replace("color-scheme: light dark", "")
    assert "MIME-Version" in (await editor.opens(f"{HERE}/mail.eml")).text


async def test_a_test_goes_to_one_address_and_says_that_it_is_one(app: App, joins: Joins, draft: MailingList):
    from digest.deliver.embedded import maildir

    editor = await joins(Role.EDITOR)
    assert (await editor.sends(f"{HERE}/test", {"to": "editor-all@news.example"})).status_code == 303
    folder = app.settings.mailbox.folder
    (mail,) = [maildir.stored_message(folder, one.key) for one in maildir.stored_messages(folder)]
    assert "[تجربة]" in dict(mail.headers)["Subject"]
    assert (await editor.sends(f"{HERE}/test", {"to": "amal@elsewhere.example"})).status_code == 422
    owner = await joins(Role.OWNER)
    assert (await owner.sends(f"{HERE}/test", {"to": "amal@elsewhere.example"})).status_code == 303
    assert (await owner.sends(f"{HERE}/test", {"to": "nobody"})).status_code == 422
