"""Our own mails by our own checks."""

import pytest

from digest.render.checks import assert_clean
from digest.render.checks.page import read
from digest.render.checks.support import baseline, used
from tests.browser.mails import LAYOUTS, html, message


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_without_a_finding(layout: str):
    assert_clean(message(layout))


def test_the_baseline_may_only_shrink():
    # What no layout uses any more leaves the baseline; what a layout newly uses is a finding above.
    ours = set().union(*(used(read(html(layout))) for layout in LAYOUTS))
    assert baseline() <= ours
    assert len(baseline()) <= 4
