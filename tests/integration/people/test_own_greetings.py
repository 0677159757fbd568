"""A greeting with places is each reader's own, in text and HTML, and nothing that a reader typed gets out of it."""

import email
from email import policy

import pytest

from digest.deliver.mailer import Job, whole
from digest.model import FieldKind
from digest.render.presenters.typesetting.greeting import filled, has_places
from digest.render.renderer import EditionRenderer
from digest.services.app import App
from digest.services.audience.segments import fields
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

AMAL, BADR = "amal@mujaz.example", "badr@mujaz.example"


@pytest.mark.parametrize(
    ("greeting", "text"),
    [
        ("صباح الخير {name}", "صباح الخير أمل"),
        ("صباح الخير {name} من {city}", "صباح الخير أمل من"),
        ("أهلًا {city|يا صديقنا}، كيف الحال؟", "أهلًا يا صديقنا، كيف الحال؟"),
        ("سعر {0} و{NAME} و{a|b|c}", "سعر {0} و{NAME} و{a|b|c}"),
        ("بلا مكان", "بلا مكان"),
    ],
)
def test_places_are_filled_with_what_is_known(greeting: str, text: str):
    assert filled(greeting, {"name": "أمل", "city": ""}) == text
    assert has_places(greeting) is ("{name}" in greeting or "{city" in greeting)


def mail_of(messages: dict[str, bytes], address: str) -> tuple[str, str]:
    message = email.message_from_bytes(messages[address], policy=policy.default)
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    return parts[0].get_content(), parts[1].get_content()


async def sent(app: App, greeting: str) -> dict[str, bytes]:
    edition = await keep_an_edition(app.database, [AMAL, BADR], theme={"greeting": greeting})
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
    await fields.add(app, mailing_list, "city", title="المدينة", kind=FieldKind.TEXT)
    await fields.set_values(app, mailing_list, AMAL, {"city": "الرياض <b>__MUJAZ_UNSUBSCRIBE__</b>"})
    messages: dict[str, bytes] = {}

    def keep(job: Job) -> None:
        messages[job.recipient] = whole(job.build())

    app.mailer.before_each = keep
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    return messages


def a_real_app(database: Database) -> App:
    from dataclasses import replace

    made = an_app(database, FakeMailer())
    return replace(made, renderer=EditionRenderer(made.settings.mail, made.links))


async def test_each_reader_is_greeted_with_what_the_list_knows(database: Database):
    messages = await sent(a_real_app(database), "صباح الخير في {city|مدينتك}")
    text, html = mail_of(messages, AMAL)
    assert "صباح الخير في الرياض" in text
    assert "صباح الخير في الرياض &lt;" in html
    assert "MUJAZ_UNSUBSCRIBE__" in html
    assert "__MUJAZ" not in text + html
    assert "<b>" not in html
    text, html = mail_of(messages, BADR)
    assert "صباح الخير في مدينتك" in text
    assert "صباح الخير في مدينتك" in html


async def test_a_greeting_without_places_is_alike_for_all(database: Database):
    messages = await sent(a_real_app(database), "صباح الخير")
    assert all("صباح الخير" in mail_of(messages, one)[1] for one in (AMAL, BADR))
