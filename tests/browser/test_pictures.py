"""Every layout, light, dark and darkened by force, at three widths, with and without pictures."""

import os

import pytest

from tests.browser import golden
from tests.browser.conftest import Viewer
from tests.browser.mails import LAYOUTS, html

pytestmark = pytest.mark.browser

SCHEMES = ("light", "dark", "forced")
WIDTHS = (320, 375, 600)
RENEW = "MUJAZ_RENEW_PICTURES"


@pytest.mark.parametrize("images", [True, False], ids=["pictures", "plain"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_mail_looks_as_it_was_approved(
    viewer: Viewer, versions: str, layout: str, scheme: str, width: int, images: bool
):
    shown = viewer.open(html(layout), width=width, scheme=scheme, images=images)
    picture = golden.reduced(shown.page.screenshot(full_page=True))
    name = f"{layout}-{scheme}-{width}-{'pictures' if images else 'plain'}"
    pinned = golden.FOLDER / "versions.txt"
    if os.environ.get(RENEW):
        golden.keep(name, picture)
        pinned.write_text(versions, encoding="utf-8")
    found = golden.difference(name, picture)
    same_versions = pinned.read_text(encoding="utf-8") == versions
    assert found.is_within(same_versions=same_versions), f"{found}; `make golden` renews it after a look"


def test_every_golden_picture_belongs_to_a_test():
    names = {
        f"{layout}-{scheme}-{width}-{images}"
        for layout in LAYOUTS
        for scheme in SCHEMES
        for width in WIDTHS
        for images in ("pictures", "plain")
    }
    assert {path.stem for path in golden.FOLDER.glob("*.png")} == names


def test_a_picture_that_changed_is_noticed(viewer: Viewer):
    page = html("breaking")
    before = golden.reduced(viewer.open(page).page.screenshot(full_page=True))
    golden_name = "breaking-light-600-pictures"
    for change in (("direction:rtl", "direction:ltr"), ("text-align:right", "text-align:left")):
        after = golden.reduced(viewer.open(page.replace(*change)).page.screenshot(full_page=True))
        assert not golden.difference(golden_name, after).is_within(same_versions=True), change
    assert golden.difference(golden_name, before).share < golden.ALIKE
