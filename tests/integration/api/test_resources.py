"""What programs do with lists, people, segments, imports, editions: and what the audit log says of it."""

from collections.abc import Awaitable, Callable

from digest.model import AuditEntry, EditionState, MailingList, Scope
from digest.services.app import App
from digest.services.audience import signups
from digest.services.editions.lifecycle.approval import start
from digest.storage.editions import editions
from tests.integration.api.conftest import Knows

Logged = Callable[[], Awaitable[list[AuditEntry]]]


async def test_a_list_is_made_changed_and_removed(knows: Knows, logged: Logged, app: App):
    program = await knows()
    made = await program.post("/lists", {"slug": "noon", "name": "موجز الظهيرة", "send_at": "12:00"})
    assert made.status_code == 201
    assert made.headers["location"] == "/api/v1/lists/noon"
    assert made.json()["settings"]["timezone"] == "Asia/Riyadh"
    changed = await program.asks("PATCH", "/lists/noon", {"send_at": "13:00"})
    assert changed.json()["settings"]["send_at"] == "13:00"
    assert changed.json()["settings"]["name"] == "موجز الظهيرة"
    assert (await program.asks("DELETE", "/lists/noon")).status_code == 204
    assert (await program.get("/lists/noon")).status_code == 404
    log = await logged()
    assert [one.act for one in log] == ["lists.add", "lists.set", "lists.remove"]
    assert (log[1].before, log[1].after) == ({"send_at": "12:00"}, {"send_at": "13:00"})
    assert {one.actor for one in log} == {"api:program 1"}
    assert {one.came_from for one in log} == {"203.0.113.9"}


async def test_who_is_added_by_mail_is_asked_and_the_answer_is_the_same_for_all(
    app: App, knows: Knows, daily: MailingList, logged: Logged
):
    program = await knows()
    answers = [
        await program.post("/lists/daily/subscribers", {"email": email})
        for email in ("new@mujaz.example", "reader1@mujaz.example")
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, '{"outcome":"asked","person":null}')}
    await signups.settle(app)
    found = (await program.get("/lists/daily/subscribers?state=pending")).json()["items"]
    assert [one["email"] for one in found] == ["new@mujaz.example"]
    assert "new@" not in "".join(one.model_dump_json() for one in await logged())


async def test_consent_that_is_given_must_be_named(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    body = {"email": "new@mujaz.example", "confirmation": "given", "tags": ["vip"], "name": "ليلى"}
    assert (await program.post("/lists/daily/subscribers", body)).status_code == 422
    made = await program.post("/lists/daily/subscribers", {**body, "consent": "signed at the fair, file 12"})
    assert made.status_code == 201
    person = made.json()["person"]
    assert (person["state"], person["tags"], person["name"]) == ("confirmed", ["vip"], "ليلى")
    again = await program.post("/lists/daily/subscribers", {**body, "consent": "again"})
    assert (again.status_code, again.json()["outcome"]) == (200, "known")
    assert (await logged())[0].after == {"state": "confirmed", "consent": "signed at the fair, file 12"}


async def test_choices_fields_and_tags_are_changed_on_somebodys_behalf(
    knows: Knows, daily: MailingList, logged: Logged, app: App
):
    program = await knows()
    where = "/lists/daily/subscribers/1"
    changed = await program.asks(
        "PATCH", where, {"choices": {"headlines_only": True, "sections": ["economy"]}}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["choices"]["headlines_only"] is True
    assert changed.json()["choices"]["sections"] == ["economy"]
    assert (await program.asks("PATCH", where, {"choices": {"sections": ["nosuch"]}})).status_code == 422
    assert (await program.asks("PATCH", where, {"fields": {"nosuch": "x"}})).status_code == 404
    assert (await program.asks("PUT", f"{where}/tags/vip")).status_code == 204
    assert (await program.get("/lists/daily/tags")).json()["items"] == [{"tag": "vip", "people": 1}]
    found = (await program.get("/lists/daily/subscribers?tag=VIP")).json()["items"]
    assert [one["id"] for one in found] == [1]
    assert (await program.asks("DELETE", f"{where}/tags/vip")).status_code == 204
    assert (await program.get(where)).json()["tags"] == []
    log = await logged()
    assert [one.act for one in log] == ["subscribers.change", "tags.add", "tags.remove"]
    assert log[0].before == {"headlines_only": False, "sections": None}
    assert log[0].about == "1"


async def test_people_are_found_however_they_are_spelled(knows: Knows, daily: MailingList):
    program, path = await knows(), "/lists/daily/subscribers"
    for asked, wanted in (
        ("reader2", [2]),
        ("قــارِئ", [3, 2, 1]),
        ("قارئ mujaz.example", [3, 2, 1]),
        ("ارئ", []),
    ):
        found = (await program.get(path, params={"q": asked})).json()
        assert [one["id"] for one in found["items"]] == wanted, asked
        assert found["next"] is None


async def test_a_search_is_narrowed_and_goes_on_in_pages(knows: Knows, daily: MailingList):
    program, path = await knows(), "/lists/daily/subscribers"
    for number in (1, 3):
        await program.asks("PUT", f"{path}/{number}/tags/vip")
    seen, more = [], {"q": "قارئ", "limit": "1"}
    while True:
        page = (await program.get(path, params=more)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        more["cursor"] = page["next"]
    assert seen == [3, 2, 1]
    for narrowed, wanted in (({"tag": "vip"}, [3, 1]), ({"tag": "none"}, []), ({"state": "left"}, [])):
        found = (await program.get(path, params={"q": "قارئ", **narrowed})).json()["items"]
        assert [one["id"] for one in found] == wanted, narrowed


async def test_a_visitors_address_is_one_that_can_be_counted(knows: Knows, daily: MailingList):
    program = await knows()
    for address, status in (("203.0.113.9", 202), ("2001:db8::9", 202), ("", 202), ("::1, 203.0.113.9", 422)):
        body = {"email": "new@mujaz.example", "came_from": address}
        assert (await program.post("/lists/daily/subscribers", body)).status_code == status, address


async def test_who_is_taken_off_comes_back_by_no_program(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    assert (await program.asks("DELETE", "/lists/daily/subscribers/1")).status_code == 204
    assert (await program.get("/lists/daily/subscribers/1")).json()["state"] == "left"
    body = {"email": "reader1@mujaz.example", "confirmation": "given", "consent": "said so"}
    assert (await program.post("/lists/daily/subscribers", body)).status_code == 422
    entry = (await logged())[0]
    assert (entry.before, entry.after, entry.list_slug) == (
        {"state": "confirmed"},
        {"state": "left"},
        "daily",
    )


async def test_who_is_forgotten_is_in_no_list(knows: Knows, daily: MailingList):
    program = await knows()
    assert (await program.post("/subscribers/1/forget")).status_code == 200
    assert (await program.get("/lists/daily/subscribers/1")).status_code == 404
    assert (await program.post("/subscribers/1/forget")).status_code == 404
    looked = await program.post("/suppression/look-up", {"address": "reader1@mujaz.example"})
    assert looked.json()["suppression"]["reason"] == "removed"


async def test_segments_are_counted_as_they_are_asked(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    await program.asks("PUT", "/lists/daily/subscribers/2/tags/vip")
    definition = {"include": [{"field": "tag", "op": "is", "values": ["vip"]}]}
    counted = await program.post("/lists/daily/segments/count", definition)
    assert (counted.status_code, counted.json()["people"]) == (200, 1)
    kept = await program.asks("PUT", "/lists/daily/segments/vips", definition)
    assert (kept.json()["people"], kept.json()["readers"]) == (1, 1)
    await program.asks("PUT", "/lists/daily/subscribers/3/tags/vip")
    assert (await program.get("/lists/daily/segments/vips")).json()["people"] == 2
    wrong = {"include": [{"field": "nosuch", "op": "is", "values": ["x"]}]}
    assert (await program.post("/lists/daily/segments/count", wrong)).status_code == 422
    assert (await program.asks("DELETE", "/lists/daily/segments/vips")).status_code == 204
    assert (await program.get("/lists/daily/segments")).json()["items"] == []
    acts = [one.act for one in await logged()]
    assert acts == ["tags.add", "segments.keep", "tags.add", "segments.remove"]


async def test_an_address_is_suppressed_and_let_in_again_with_a_reason(
    knows: Knows, daily: MailingList, logged: Logged
):
    program = await knows()
    body = {"email": "bad@mujaz.example", "note": "asked by telephone"}
    assert [(await program.post("/suppression", body)).status_code for _ in range(2)] == [201, 200]
    page = (await program.get("/suppression?reason=admin")).json()
    assert [one["note"] for one in page["items"]] == ["asked by telephone"]
    lifted = await program.post("/suppression/lift", {"address": "bad@mujaz.example", "why": "asked again"})
    assert lifted.status_code == 200
    assert (
        await program.post("/suppression/lift", {"address": "bad@mujaz.example", "why": "x"})
    ).status_code == 404
    assert [one.act for one in await logged()] == ["suppress.add", "suppress.remove"]
    assert "bad@" not in "".join(one.model_dump_json() for one in await logged())


async def test_a_file_is_tried_imported_and_taken_back(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    file = "email,name\nnew1@mujaz.example,أحمد\nnew2@mujaz.example,\nno address,\n".encode()
    sent = {"content": file, "headers": {"content-type": "text/csv; charset=utf-8"}}
    tried = await program.post("/lists/daily/imports?dry_run=true", **sent)
    assert (tried.status_code, tried.json()["id"], tried.json()["counts"]["added"]) == (200, None, 2)
    done = await program.post("/lists/daily/imports?name=fair.csv", **sent)
    assert done.status_code == 201
    assert done.json()["counts"]["rejected"] == 1
    assert done.json()["first_errors"][0]["line"] == 4
    shown = (await program.get(done.headers["location"].removeprefix("/api/v1"))).json()
    assert (shown["file"], shown["counts"]["added"], shown["undone_at"]) == ("fair.csv", 2, None)
    undone = await program.post(f"/lists/daily/imports/{shown['id']}/undo")
    assert undone.json()["counts"]["taken"] == 2
    assert (await program.post(f"/lists/daily/imports/{shown['id']}/undo")).status_code == 422
    assert len((await program.get("/lists/daily/subscribers")).json()["items"]) == 3
    log = await logged()
    assert [one.act for one in log] == ["imports.start", "imports.undo"]
    assert log[1].before["undone"] is False


async def test_an_edition_is_shown_paused_and_let_go_on(
    app: App, knows: Knows, daily: MailingList, logged: Logged
):
    program = await knows()
    shown = (await program.get("/lists/daily/editions/1")).json()
    assert shown["content"]["sections"][0]["stories"][0]["headline"] == "افتتاح جسر المرفأ الجديد"
    assert "cancel" in shown["moves"]
    async with app.database.begin() as session:
        edition = await editions.by_number(session, daily.id or 0, 1)
    assert edition is not None
    await start(app, edition)
    paused = await program.post("/lists/daily/editions/1/pause")
    assert (paused.json()["state"], paused.json()["books"]["waiting"]) == ("paused", 3)
    assert (await program.post("/lists/daily/editions/1/resume")).json()["state"] == "sending"
    cancelled = (await program.post("/lists/daily/editions/1/cancel")).json()
    assert cancelled["state"] == EditionState.CANCELLED
    assert (await program.post("/lists/daily/editions/1/retry", {"statuses": ["failed"]})).status_code == 422
    log = await logged()
    assert [(one.act, one.before["state"], one.after["state"]) for one in log] == [
        ("editions.pause", "sending", "paused"),
        ("editions.resume", "paused", "sending"),
        ("editions.cancel", "sending", "cancelled"),
    ]


async def test_editions_come_newest_first_in_pages(knows: Knows, daily: MailingList):
    program = await knows(Scope.EDITIONS_READ, Scope.ALERTS_READ)
    page = (await program.get("/lists/daily/editions?limit=1")).json()
    assert [one["number"] for one in page["items"]] == [1]
    assert page["next"] is None
    assert (await program.get("/lists/daily/alerts")).json() == {"items": [], "next": None}


async def test_sources_are_shown_with_how_they_fare_and_removed(
    knows: Knows, daily: MailingList, logged: Logged
):
    program = await knows()
    found = (await program.get("/sources")).json()["items"]
    assert [(one["name"], one["state"]) for one in found] == [("المرفأ", "new")]
    where = f"/sources/{found[0]['id']}"
    assert (await program.get(f"{where}/history")).json()["items"] == []
    assert (await program.asks("DELETE", where)).status_code == 204
    assert (await program.get(where)).status_code == 404
    entry = (await logged())[0]
    assert (entry.act, entry.before["location"]) == ("sources.remove", "https://marfa.example/feed.xml")


async def test_the_log_is_read_in_pages(knows: Knows, daily: MailingList):
    program = await knows()
    for number in range(3):
        await program.asks("PATCH", "/lists/daily", {"min_stories": number + 4})
    page = (await program.get("/audit?act=lists.set&limit=2")).json()
    assert [one["after"]["min_stories"] for one in page["items"]] == [6, 5]
    rest = (await program.get(f"/audit?act=lists.set&limit=2&cursor={page['next']}")).json()
    assert [one["after"]["min_stories"] for one in rest["items"]] == [4]
    assert rest["next"] is None
    assert (await program.get("/audit?since=2026-13-01")).status_code == 422
