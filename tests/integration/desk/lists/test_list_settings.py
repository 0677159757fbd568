"""A list's settings at the desk: shown, tried, kept, refused in words; looks, logo, form, a new list."""

import io
import re
from collections.abc import Awaitable, Callable
from datetime import date
from html import unescape

import pytest
from PIL import Image

from digest.entrypoints.desk.lists import fields as table
from digest.entrypoints.web.app import build
from digest.model import AuditEntry, MailingList, Role
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.list_settings import NAMES
from tests.builders import an_edition, an_edition_content
from tests.integration.desk.conftest import Joins, Tab
from tests.integration.desk.people.test_imports import OWN

Logged = Callable[[], Awaitable[list[AuditEntry]]]
HOME = "/desk/lists/daily/settings"


def form_of(page: str) -> dict[str, str | list[str]]:
    """All that a browser would send back of the page's form of settings."""
    form = re.search(r'<form class="settings".*?</form>', page, re.DOTALL)[0]  # type: ignore[index]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        names = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if names.get("type") == "checkbox" and " checked" not in tag:
            continue
        found.setdefault(names["name"], []).append(unescape(names.get("value", "")))
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found.setdefault(name, []).append(unescape(inside))
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def test_every_setting_of_a_list_stands_on_one_page():
    named = [one.name for every in table.PAGES.values() for one in every] + ["sections", "theme", "social"]
    assert sorted(named) == sorted(NAMES)


@pytest.mark.parametrize("page", table.ALL_PAGES)
async def test_to_save_what_is_shown_changes_nothing(
    app: App, joins: Joins, daily: MailingList, page: str, logged: Logged
):
    admin = await joins(Role.ADMIN)
    before = (await lists.choose(app, "daily")).model_dump()
    shown = (await admin.opens(f"{HOME}/{page}")).text
    answer = await admin.sends(f"{HOME}/{page}", form_of(shown))
    assert answer.status_code == 303, answer.text
    after = (await lists.choose(app, "daily")).model_dump()
    if page == "sections" and not before["sections"]:
        assert [one["key"] for one in after["sections"]] == [one.key for one in lists.DEFAULT_SECTIONS]
    else:
        assert after == before
        assert await logged() == []


async def test_a_setting_is_kept_with_its_digits_and_written_down(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    admin = await joins(Role.ADMIN)
    form = form_of((await admin.opens(f"{HOME}/schedule")).text)
    assert (
        await admin.sends(f"{HOME}/schedule", {**form, "send_at": "٠٧:٤٥", "window_hours": "٣٦"})
    ).status_code == 303
    kept = await lists.choose(app, "daily")
    assert (kept.send_at, kept.window_hours) == ("07:45", 36)
    (entry,) = await logged()
    assert (entry.act, entry.list_slug) == ("lists.settings", "daily")
    assert entry.after == {"send_at": "07:45", "window_hours": 36}
    assert set(entry.before) == {"send_at", "window_hours"}


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        ("schedule", "send_at", "25:00"), ("schedule", "timezone", "Mars/Base"), ("schedule", "window_hours", "many"),
        ("general", "name", ""), ("general", "language", "xx"), ("content", "min_stories", "0"),
        ("content", "layout", "../etc"), ("sender", "from_address", "none"), ("sender", "on_unknown", "perhaps"),
        ("signup", "form_sites", "javascript:alert(1)"), ("alerts", "quiet_hours", "soon"), ("alerts", "alert_outlets", ""),
        ("content", "blocks", "http://plain.example/x.json"), ("content", "hijri_offset", "9"),
        ("theme", "logo_width", "wide"), ("theme", "light_accent", "red"), ("theme", "light_ink", "#fffdf0"),
        ("theme", "body_font", "x;} body{"), ("sections", "s0_max", "many"), ("sections", "s1_key", "nosuch"),
        ("theme", "social0_url", "javascript:x"),
    ],
)  # fmt: skip
async def test_a_wrong_value_is_said_beside_its_field_and_all_that_was_typed_stays(
    app: App, joins: Joins, daily: MailingList, page: str, name: str, value: str, logged: Logged
):
    admin = await joins(Role.ADMIN)
    before = (await lists.choose(app, "daily")).model_dump()
    form = form_of((await admin.opens(f"{HOME}/{page}")).text)
    answer = await admin.sends(f"{HOME}/{page}", {**form, name: value})
    assert answer.status_code == 422, answer.text
    assert 'role="alert"' in answer.text
    assert form_of(answer.text)[name] == value
    assert (await lists.choose(app, "daily")).model_dump() == before
    assert await logged() == []


async def test_of_two_who_save_at_once_the_second_is_told_and_loses_nothing(
    app: App, joins: Joins, daily: MailingList
):
    one, other = await joins(Role.ADMIN), await joins(Role.OWNER)
    form = form_of((await one.opens(f"{HOME}/general")).text)
    assert (await other.sends(f"{HOME}/general", {**form, "name": "موجز المساء"})).status_code == 303
    answer = await one.sends(f"{HOME}/general", {**form, "description": "ما كتبه الأول"})
    assert answer.status_code == 409
    assert "موجز المساء" in answer.text
    assert "ما كتبه الأول" in answer.text
    assert (await lists.choose(app, "daily")).description != "ما كتبه الأول"
    assert (await one.sends(f"{HOME}/general", form_of(answer.text))).status_code == 303
    assert (await lists.choose(app, "daily")).description == "ما كتبه الأول"


async def test_the_next_seven_editions_are_told_in_words_as_one_tries(joins: Joins, daily: MailingList):
    admin = await joins(Role.ADMIN)
    page = (await admin.opens(f"{HOME}/schedule")).text
    moments = re.findall(r"<li>([^<]*)</li>", page.split('class="moments')[1])
    assert len(moments) == 7
    assert moments[0] == "الثلاثاء ٦ يناير، ٦:٣٠ صباحًا"
    form = form_of(page)
    tried = await admin.client.get(
        f"{HOME}/schedule", params={**form, "weekdays": ["4"], "send_at": "18:05", "look": "1"}
    )
    moments = re.findall(r"<li>([^<]*)</li>", tried.text.split('class="moments')[1])
    assert moments[:2] == ["الجمعة ٩ يناير، ٦:٠٥ مساءً", "الجمعة ١٦ يناير، ٦:٠٥ مساءً"]
    assert "معاينة فقط" in tried.text
    again = await admin.opens(f"{HOME}/schedule")
    assert again.text == page


async def test_the_mail_is_shown_with_what_is_only_tried(app: App, joins: Joins, daily: MailingList):
    async with app.database.begin() as session:
        session.add(
            an_edition(
                daily.id or 0,
                number=7,
                local_date=date(2026, 1, 4),
                content=an_edition_content().model_dump(mode="json"),
            )
        )
    admin = await joins(Role.ADMIN)
    form = form_of((await admin.opens(f"{HOME}/theme")).text)
    tried = {**form, "light_accent": "#14532d", "greeting": "صباح الخير", "look": "1"}
    page = await admin.client.get(f"{HOME}/theme", params=tried)
    frame = unescape(re.search(r'<iframe[^>]*src="([^"]*)"', page.text)[1])  # type: ignore[index]
    mail = await admin.opens(frame)
    assert "#14532d" in mail.text
    assert "صباح الخير" in mail.text
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "#14532d" not in (await admin.opens(f"{HOME}/mail.html")).text
    bad = await admin.client.get(f"{HOME}/theme", params={**form, "light_ink": "#fffdf0", "look": "1"})
    assert "جرّب" in bad.text, "a colour that could be read is named"


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 80)) -> bytes:
    out = io.BytesIO()
    image = Image.new(
        "RGBA" if kind == "PNG" else "RGB", size, (10, 60, 40, 0) if kind == "PNG" else (10, 60, 40)
    )
    image.save(out, kind, **({"pnginfo": None} if kind == "PNG" else {}))
    return out.getvalue()


async def sends_logo(tab: Tab, content: bytes, name: str = "logo.png") -> int:
    answer = await tab.client.post("/desk/uploads/logo/daily", files={"logo": (name, content)}, headers=OWN)
    return answer.status_code


async def test_a_logo_is_made_anew_and_shown_to_anybody(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    import httpx2

    admin = await joins(Role.ADMIN)
    hidden = picture() + b"<script>alert(1)</script>"
    assert await sends_logo(admin, hidden) == 303
    address = (await lists.choose(app, "daily")).theme["logo_url"]
    assert re.fullmatch(r"https://news\.mujaz\.example/logos/[0-9a-f]{32}\.png", address)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=build(app)), base_url="https://x.example"
    ) as guest:
        answer = await guest.get(address.removeprefix("https://news.mujaz.example"))
        assert (await guest.get("/logos/" + "0" * 32 + ".png")).status_code == 404
        assert (await guest.get("/logos/..%2f..%2fetc")).status_code == 404
    assert answer.headers["content-type"] == "image/png"
    assert b"script" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as made:
        assert (made.size, made.mode) == ((300, 80), "RGBA")
    assert [one.act for one in await logged()] == ["lists.logo"]


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"x" * 4_000_000],
    ids=["nothing", "svg", "cut", "broken", "large"],
)  # fmt: skip
async def test_what_is_no_picture_becomes_no_logo(
    app: App, joins: Joins, daily: MailingList, content: bytes, logged: Logged
):
    admin = await joins(Role.ADMIN)
    assert await sends_logo(admin, content) == 422
    assert "logo_url" not in (await lists.choose(app, "daily")).theme
    assert await logged() == []


async def test_sections_are_moved_dropped_and_added(app: App, joins: Joins, daily: MailingList):
    admin = await joins(Role.ADMIN)
    form = form_of((await admin.opens(f"{HOME}/sections")).text)
    rows = len([name for name in form if name.endswith("_key")])
    last = rows - 1
    changed = {**form, "s0_place": "٩٩", "s1_drop": "yes", "s2_title": "الكوارث", "s2_max": "٢"}
    changed |= {f"s{last}_key": "", f"s{last}_title": "no key is no section"}
    keys = [form[f"s{at}_key"] for at in range(rows) if form[f"s{at}_key"]]
    assert (await admin.sends(f"{HOME}/sections", changed)).status_code == 303
    kept = (await lists.choose(app, "daily")).sections
    assert [one["key"] for one in kept] == [*keys[2:], keys[0]]
    assert (kept[0]["title"], kept[0]["max_stories"]) == ("الكوارث", 2)


async def test_the_form_is_there_to_be_copied(app: App, joins: Joins, daily: MailingList):
    admin = await joins(Role.ADMIN)
    form = form_of((await admin.opens(f"{HOME}/signup")).text)
    await admin.sends(f"{HOME}/signup", {**form, "form_sites": "https://www.paper.example\n"})
    page = unescape((await admin.opens(f"{HOME}/signup")).text)
    assert '<iframe src="https://news.mujaz.example/l/daily/form"' in page
    assert 'value="https://www.paper.example/thanks"' in page


async def test_a_new_list_is_made_by_who_may_over_all(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    admin, of_one = await joins(Role.ADMIN), await joins(Role.ADMIN, daily.id)
    fields = {
        "slug": "evening",
        "name": "موجز المساء",
        "language": "ar",
        "timezone": "Africa/Cairo",
        "send_at": "18:00",
    }
    assert (await of_one.sends("/desk/lists/add", fields)).status_code == 403  # type: ignore[arg-type]
    assert (await admin.sends("/desk/lists/add", fields)).status_code == 303  # type: ignore[arg-type]
    again = await admin.sends("/desk/lists/add", fields)  # type: ignore[arg-type]
    assert again.status_code == 422
    assert "موجز المساء" in again.text
    for odd in ({}, {"slug": "A B"}, {**fields, "slug": "new", "timezone": "x"}):
        assert (await admin.sends("/desk/lists/add", odd)).status_code == 422  # type: ignore[arg-type]
    assert [one.act for one in await logged()] == ["lists.add"]
    assert (await of_one.opens("/desk/lists/evening/settings/general")).status_code == 404


async def test_each_number_tells_its_bounds_and_each_wrong_setting_is_marked(
    joins: Joins, daily: MailingList
):
    admin = await joins(Role.ADMIN)
    page = (await admin.opens("/desk/lists/daily/settings/approval")).text
    assert "من <bdi>١</bdi> إلى <bdi>٧٢٠</bdi>." in page
    fields = {
        "approval": "none",
        "without_approval": "hold",
        "compose_minutes_before": "0",
        "cooling_off_minutes": "x",
    }
    answer = await admin.sends("/desk/lists/daily/settings/approval", fields)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
