"""Both inliners make the page that its style sheets describe: Chromium computes the same styles for every element."""

import pytest

from digest.model import EditionContent, Section
from digest.render.edition import render
from digest.render.templating import inline
from digest.render.templating.style import MailStyle
from tests.browser.conftest import Viewer
from tests.builders import NOW, a_story, an_edition_content

pytestmark = pytest.mark.browser

LAYOUTS = ("daily", "weekly", "breaking")
COMPUTED = """() => [...document.body.querySelectorAll('*'), document.body].map(element => {
  const style = getComputedStyle(element);
  return [element.tagName, ...[...style].map(name => `${name}: ${style.getPropertyValue(name)}`)];
})"""


class AsItIs:
    """Leaves the style sheets where they are: what a browser makes of them is what inliners must come to."""

    def inlined(self, html: str) -> str:
        return html


def an_issue(layout: str) -> EditionContent:
    sections = tuple(
        Section(
            key=key,
            title=title,
            overview="أبرز ما جرى اليوم.",
            stories=tuple(a_story(f"{title}: خبر {number} عن USD/EGP", section=key) for number in range(3)),
        )
        for key, title in (("politics", "السياسة"), ("economy", "الاقتصاد"), ("sport", "الرياضة"))
    )
    return an_edition_content(sections=sections, kind=layout)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 600), ("dark", 600), ("light", 320), ("dark", 320)])
def test_every_element_looks_as_its_style_sheets_say(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch, layout: str, scheme: str, width: int
) -> None:
    monkeypatch.setattr(inline, "INLINERS", {**inline.INLINERS, "none": AsItIs()})

    def made_by(name: str) -> list[list[str]]:
        mail_style = MailStyle(
            list_name="موجز اليوم", layout=layout, archive_url="https://mujaz.example/l/daily", inliner=name
        )
        html = render(an_issue(layout), mail_style, now=NOW).html
        found: list[list[str]] = viewer.open(html, width=width, scheme=scheme).page.evaluate(COMPUTED)
        return found

    meant = made_by("none")
    assert len(meant) > 40
    for name in ("premailer", "css-inline"):
        found = made_by(name)
        assert [element[0] for element in found] == [element[0] for element in meant], name
        for place, (one, other) in enumerate(zip(found, meant, strict=True)):
            assert sorted(set(one) ^ set(other)) == [], (name, place, one[0])
