"""The mail that asks for a confirmation."""

import re

import pytest

from digest.errors import ConfigError
from digest.render.message.rendered import Token
from digest.render.notice import render_notice
from digest.render.templating.theme import Theme
from tests.unit.render.editions import NOW, a_mail_style

CONFIRM = "https://mujaz.example/confirm/daily/0123?t=1&k=2"


def test_the_confirmation_has_one_link_to_press_and_says_what_happens_otherwise():
    mail = render_notice("confirm", a_mail_style(postal_address="ص.ب. 12"), action_url=CONFIRM, now=NOW)
    assert mail.subject == "أك\u0651د اشتراكك في نشرة «موجز اليوم»"
    assert CONFIRM in mail.text
    assert set(re.findall('href="([^"]+)"', mail.html)) == {CONFIRM.replace("&", "&amp;")}
    for page in (mail.text, mail.html):
        assert "لن تصلك النشرة" in page
        assert "ص.ب. ١٢" in page


def test_a_notice_holds_no_tokens():
    mail = render_notice("confirm", a_mail_style(), action_url=CONFIRM, now=NOW)
    assert not any(token in part for part in (mail.subject, mail.text, mail.html) for token in Token)


def test_an_edition_s_greeting_is_not_in_a_notice():
    mail_style = a_mail_style(theme=Theme(greeting="صباح الخير", note="شكرا"))
    assert "صباح الخير" not in render_notice("confirm", mail_style, action_url=CONFIRM, now=NOW).html


def test_an_address_that_is_none_is_not_linked():
    mail = render_notice("confirm", a_mail_style(), action_url="javascript:alert(1)", now=NOW)
    assert "javascript" not in mail.html + mail.text


def test_an_unknown_notice_is_refused():
    with pytest.raises(ConfigError, match="no notice 'birthday'"):
        render_notice("birthday", a_mail_style(), action_url=CONFIRM, now=NOW)
