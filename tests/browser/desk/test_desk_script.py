"""The desk's script: stories are dragged, and a send is watched without losing one's place. By our own
policy.
"""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update
from sqlmodel import col, select

from digest.model import Edition, EditionState, MailingList, Section
from digest.model.rows import row_id
from tests.browser.desk.test_desk_people import DeskSite, site
from tests.builders import NOW, a_story, an_edition, an_edition_content

pytestmark = pytest.mark.browser
__all__ = ["site"]
HEADLINES = {
    "economy": ("جسر المرفأ يستقبل الشاحنات", "موسم القمح يتجاوز التوقعات", "افتتاح سوق الجملة"),
    "sport": ("نسور الواحة يفوز بالكأس",),
}
DRAFT, SENT = 8, 9


def content(number: int) -> dict[str, Any]:
    sections = tuple(
        Section(key=key, title=key, stories=tuple(a_story(one, section=key) for one in told))
        for key, told in HEADLINES.items()
    )
    return an_edition_content(number=number, sections=sections).model_dump(mode="json")


@pytest.fixture(scope="module")
def planted(site: DeskSite) -> DeskSite:
    """A draft of two sections, and an edition that is being sent."""

    async def plant() -> None:
        async with site.app.database.begin() as session:
            daily = (await session.exec(select(MailingList).where(MailingList.slug == "daily"))).one()
            daily.approval = "optional"  # type: ignore[assignment]
            session.add(daily)
            draft = {"state": EditionState.DRAFT, "due_at": NOW}
            session.add(
                an_edition(
                    row_id(daily), number=DRAFT, local_date=date(2026, 1, 6), content=content(DRAFT), **draft
                )
            )
            going = {"state": EditionState.SENDING, "started_at": NOW, "planned": 100}
            session.add(
                an_edition(
                    row_id(daily), number=SENT, local_date=date(2026, 1, 7), content=content(SENT), **going
                )
            )

    site.does(plant())
    return site


def settles(planted: DeskSite, **values: Any) -> None:
    """Change the edition that is being sent, as a worker would."""

    async def work() -> None:
        async with planted.app.database.begin() as session:
            await session.exec(update(Edition).where(col(Edition.number) == SENT).values(**values))

    planted.does(work())


def window(chromium: Browser, served: DeskSite) -> BrowserContext:
    """A window whose scripts obey the page's own policy."""
    made = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ar")
    made.add_cookies([{"name": "desk", "value": served.cookie, "url": served.url}])
    return made


def told(page: Page, section: str) -> list[str]:
    lines = page.locator(f"ol[data-section={section}] > li h4").all_inner_texts()
    return [line.split("  ")[0].strip() for line in lines]


def drags(page: Page, story: str, to: str, *, below: bool) -> None:
    """Hold a story by its handle and let it go at the upper or lower edge of another."""
    grip = page.locator(f"li:has(h4:has-text('{story}')) .grip").bounding_box()
    target = page.locator(f"li:has(h4:has-text('{to}'))").bounding_box()
    assert grip is not None
    assert target is not None
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    y = target["y"] + (target["height"] - 4 if below else 4)
    page.mouse.move(target["x"] + 200, y - 3, steps=4)
    page.mouse.move(target["x"] + 200, y, steps=4)
    with page.expect_navigation():
        page.mouse.up()


def test_a_story_is_dragged_within_its_section_and_to_another(chromium: Browser, planted: DeskSite):
    context = window(chromium, planted)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.goto(f"{planted.url}/desk/lists/daily/editions/{DRAFT}")
    bridge, wheat, market = HEADLINES["economy"]
    (cup,) = HEADLINES["sport"]
    assert told(page, "economy")[0].startswith(bridge)
    drags(page, market, bridge, below=False)
    order = [
        next(one for one in HEADLINES["economy"] if line.startswith(one)) for line in told(page, "economy")
    ]
    assert order == [market, bridge, wheat]
    drags(page, market, wheat, below=True)
    order = [
        next(one for one in HEADLINES["economy"] if line.startswith(one)) for line in told(page, "economy")
    ]
    assert order == [bridge, wheat, market]
    drags(page, wheat, cup, below=True)
    assert [line.startswith(one) for line, one in zip(told(page, "sport"), (cup, wheat), strict=True)] == [
        True,
        True,
    ]
    assert len(told(page, "economy")) == 2
    assert [one for one in said if "Content Security Policy" in one or "rror" in one] == []
    context.close()


def test_without_scripts_there_is_no_handle_and_the_buttons_do_it(chromium: Browser, planted: DeskSite):
    context = chromium.new_context(locale="ar", java_script_enabled=False)
    context.add_cookies([{"name": "desk", "value": planted.cookie, "url": planted.url}])
    page = context.new_page()
    page.goto(f"{planted.url}/desk/lists/daily/editions/{DRAFT}")
    assert page.locator(".grip").count() > 0
    assert page.locator(".grip:visible").count() == 0
    assert page.locator("button[value=move]:visible").count() > 0
    settles(planted, state=EditionState.SENDING)
    page.goto(f"{planted.url}/desk/lists/daily/editions/{SENT}/progress")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    context.close()


def test_a_send_is_watched_without_losing_ones_place(chromium: Browser, planted: DeskSite):
    context = window(chromium, planted)
    page = context.new_page()
    settles(planted, state=EditionState.SENDING, planned=100)
    path = f"{planted.url}/desk/lists/daily/editions/{SENT}/progress"
    page.goto(path)
    page.locator("details.sure summary").click()
    loads: list[str] = []
    page.on("load", lambda: loads.append("again"))
    seen: list[int] = []
    page.on("response", lambda one: seen.append(one.status) if one.url == path else None)
    page.wait_for_timeout(4_600)
    assert 304 in seen, "what did not change is not sent again"
    settles(planted, planned=200)
    page.locator("#watched:has-text('٢٠٠')").wait_for(timeout=8_000)
    assert loads == []
    assert page.locator("details.sure[open]").count() == 1, "what was opened stays open"
    settles(planted, state=EditionState.PAUSED)
    page.locator("#watched:not([data-seconds])").wait_for(timeout=8_000)
    assert loads == ["again"]
    context.close()
