"""The form asks for a list's own fields, and keeps what fits; what anybody may type changes nobody who is
known.
"""

import pytest

from digest.model import FieldKind, MailingList
from digest.services.app import App
from digest.services.audience import signups
from digest.services.audience.joining import defence
from digest.services.audience.segments import fields
from tests.integration.web.conftest import SITE, Reader

AMAL, NEW = "amal@mujaz.example", "new@mujaz.example"


@pytest.fixture
async def asking(app: App, mailing_list: MailingList) -> MailingList:
    await fields.add(app, mailing_list, "city", title="المدينة", kind=FieldKind.TEXT, in_form=True)
    await fields.add(
        app, mailing_list, "job", title="العمل", kind=FieldKind.CHOICE, choices=["الصحافة"], in_form=True
    )
    await fields.add(app, mailing_list, "born", title="الميلاد", kind=FieldKind.DATE, in_form=True)
    await fields.add(app, mailing_list, "hidden", title="سر", kind=FieldKind.TEXT)
    return mailing_list


@pytest.mark.usefixtures("asking")
async def test_the_form_has_the_fields_that_it_asks_for(reader: Reader):
    page = (await reader.opens("/l/daily/subscribe")).text
    assert 'name="field-city"' in page
    assert "<option>الصحافة</option>" in page
    assert 'type="date"' in page
    assert "field-hidden" not in page


async def test_what_is_answered_is_kept_with_the_sign_up(reader: Reader, app: App, asking: MailingList):
    given = {
        "email": NEW,
        "field-city": " الرياض ",
        "field-job": "الصحافه",
        "field-hidden": "x",
        "field-born": "",
    }
    assert (await reader.sends("/l/daily/subscribe", given)).status_code == 200
    await signups.settle(app)
    assert await fields.set_values(app, asking, NEW, {}) == {"city": "الرياض", "job": "الصحافة"}


async def test_a_form_that_was_kept_back_has_its_answers_when_it_is_let_through(
    reader: Reader, app: App, asking: MailingList
):
    given = {"email": NEW, "website": "x", "field-city": "الرياض", "field-job": "الصحافة", "field-born": ""}
    await reader.sends("/l/daily/subscribe", given)
    await signups.settle(app)
    (kept,) = await defence.blocked(app)
    assert kept.signup.answers == {"city": "الرياض", "job": "الصحافة"}
    # Meanwhile its choices became others.
    await fields.remove(app, asking, "job")
    await fields.add(app, asking, "job", title="العمل", kind=FieldKind.CHOICE, choices=["التعليم"])
    await defence.release(app, [kept.signup.id])
    await signups.settle(app)
    assert await fields.set_values(app, asking, NEW, {}) == {"city": "الرياض"}


@pytest.mark.usefixtures("amal")
async def test_of_who_is_known_a_form_changes_nothing(reader: Reader, app: App, asking: MailingList):
    await fields.set_values(app, asking, AMAL, {"city": "بيروت"})
    await reader.sends("/l/daily/subscribe", {"email": AMAL, "field-city": "الرياض"})
    await signups.settle(app)
    assert await fields.set_values(app, asking, AMAL, {}) == {"city": "بيروت"}


@pytest.mark.usefixtures("asking")
async def test_what_does_not_fit_is_said_so_and_stays_in_the_form(reader: Reader):
    answer = await reader.sends(
        "/l/daily/subscribe", {"email": NEW, "field-born": "أمس", "field-city": "<b>"}
    )
    assert answer.status_code == 422
    assert "راجع ما كتبته" in answer.text
    assert "&lt;b&gt;" in answer.text


@pytest.mark.usefixtures("asking")
async def test_an_answer_in_another_encoding_is_asked_for_again(reader: Reader, app: App):
    body = b"email=new%40mujaz.example&field-city=%C7%E1%D1%ED%C7%D6"  # windows-1256
    answer = await reader.posts(
        "/l/daily/subscribe", body, content_type="application/x-www-form-urlencoded", origin=SITE
    )
    assert answer.status_code == 422
    assert await signups.settle(app) == 0
