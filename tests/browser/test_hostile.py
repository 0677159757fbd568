"""What feeds may hold does nothing in a real browser: no dialog, no script, nothing asked for."""

import pytest

from digest.render.edition import render
from tests.browser.conftest import Viewer
from tests.unit.render.editions import NOW, a_look
from tests.unit.render.test_hostile import ADDRESSES, NASTY, poisoned

pytestmark = pytest.mark.browser
_HANDLERS = (
    "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
)


@pytest.mark.parametrize("layout", ["daily", "weekly", "breaking"])
def test_no_dialog_opens_and_no_script_is_there(viewer: Viewer, layout: str):
    everything = " ".join(text for text in NASTY if len(text) < 60)
    for url in (*ADDRESSES, "https://marfa.example/1"):
        html = render(poisoned(everything, url), a_look(layout=layout), now=NOW).html
        shown = viewer.open(html)
        shown.page.mouse.move(300, 300)
        assert shown.dialogs == []
        assert shown.page.evaluate("document.scripts.length") == 0
        assert shown.page.evaluate(_HANDLERS) == []
        assert all(one.startswith("https://") for one in shown.asked)
        shown.page.context.close()


def test_a_script_would_be_noticed(viewer: Viewer):
    assert viewer.open("<!DOCTYPE html><script>alert(1)</script>").dialogs == ["1"]
