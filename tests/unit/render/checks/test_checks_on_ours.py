"""Our own mails by our own checks."""

import pytest

from digest.render.checks import assert_clean, rules
from digest.render.checks.page import read
from digest.render.checks.support import baseline, used
from digest.render.edition import render
from digest.render.message.mime import prepare
from digest.text.languages import LANGUAGES
from tests.browser.mails import LAYOUTS, html, message
from tests.unit.render.checks.test_checks import PLANTED
from tests.unit.render.editions import NOW
from tests.unit.render.languages import speaking
from tests.unit.render.message.mail import a_head, a_recipient

LEAVE = "https://news.mujaz.example/l/daily/unsubscribe/token"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_without_a_finding(layout: str):
    assert_clean(message(layout))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_layout_is_without_a_finding_in_every_language(language: str, layout: str):
    content, mail_style = speaking(language, layout=layout)
    rendered = render(content, mail_style, now=NOW)
    assert_clean(prepare(rendered, a_head()).build(a_recipient(unsubscribe_url=LEAVE)))


def test_the_baseline_may_only_shrink():
    # What no layout uses any more leaves the baseline; what a layout newly uses is a finding above.
    ours = set().union(*(used(read(html(layout))) for layout in LAYOUTS))
    assert baseline() <= ours
    assert len(baseline()) <= 4


def test_every_rule_has_one_planted_error_and_no_other():
    assert set(PLANTED) == set(rules())
