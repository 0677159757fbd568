"""The press: one rendering for all who chose alike, whatever their number; memory stays bounded."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from digest.errors import NothingToSendError
from digest.keys import KeyRing
from digest.model import Edition, EditionContent, EditionKind, MailingList, Section
from digest.model.people.choice import EVERYTHING, Choice
from digest.render.edition import render
from digest.render.links import Links
from digest.render.message.mime import Recipient, message_id
from digest.render.message.rendered import RenderedEdition
from digest.render.renderer import EditionRenderer
from digest.render.templating import inline
from digest.render.templating.style import MailStyle
from digest.settings import MailSettings
from tests.builders import NOW, a_list, a_story, an_edition, an_edition_content

KEYS = ("politics", "economy", "culture", "sport")
LINKS = Links(public_url="https://mujaz.example", keys=KeyRing.of(b"s" * 32))


class Counted:
    """Renders a plain mail and counts how often it was asked."""

    def __init__(self, size: int = 10) -> None:
        self.looks: list[MailStyle] = []
        self.size = size

    def __call__(self, content: EditionContent, mail_style: MailStyle, *, now: datetime) -> RenderedEdition:
        self.looks.append(mail_style)
        shown = " ".join(section.key for section in content.sections)
        return RenderedEdition(
            subject=content.stories[0].headline,
            text=f"{shown}\n__MUJAZ_UNSUBSCRIBE__\n",
            html=f"<p>{shown}</p>{'<p>خبر</p>' * self.size}<a href='__MUJAZ_UNSUBSCRIBE__'>x</a>\n",
        )


def a_press(renderer: Counted | None = None, keep_octets: int = 10_000_000) -> EditionRenderer:
    return EditionRenderer(MailSettings(), LINKS, keep_octets=keep_octets, renderer=renderer or Counted())


def four_sections(**fields: object) -> Edition:
    content = an_edition_content(
        sections=tuple(
            Section(key=key, title="قسم", stories=(a_story(f"خبر {key}", section=key),)) for key in KEYS
        )
    )
    return an_edition(1, id=7, content=content.model_dump(mode="json"), **fields)


def the_list() -> MailingList:
    return a_list(id=1)


def a_reader() -> Recipient:
    return Recipient(
        email="amal@mujaz.example",
        name="",
        message_id=message_id("7", "k", "mujaz.example"),
        unsubscribe_url=LINKS.unsubscribe("daily", "a1"),
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url=LINKS.preferences("daily", "a1"),
    )


def every_choice() -> Iterator[Choice]:
    for size in range(1, len(KEYS) + 1):
        for chosen in combinations(KEYS, size):
            yield Choice(sections=chosen)


def test_a_choice_shows_its_sections_in_the_order_of_the_edition() -> None:
    prepared = (
        a_press().messages_of(the_list(), four_sections()).prepared(Choice(sections=("sport", "politics")))
    )
    assert prepared.text(a_reader()).startswith("politics sport\n")


def test_each_choice_is_rendered_once_however_many_readers_made_it() -> None:
    counted = Counted()
    renderer, edition = a_press(counted), four_sections()
    for _ in range(50):
        for choice in every_choice():
            renderer.messages_of(the_list(), edition).prepared(choice)
    assert len(counted.looks) == 15


def test_choices_that_come_to_the_same_share_one_rendering() -> None:
    counted = Counted()
    renderer, edition = a_press(counted), four_sections()
    alike = (
        EVERYTHING,
        Choice(sections=KEYS),
        Choice(sections=tuple(reversed(KEYS))),
        Choice(sections=(*KEYS, "weather")),
    )
    assert len({id(renderer.messages_of(the_list(), edition).prepared(choice)) for choice in alike}) == 1
    assert len(counted.looks) == 1


def test_the_inliner_runs_once_for_each_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        calls = 0

        def inlined(self, html: str) -> str:
            Counting.calls += 1
            return html

    monkeypatch.setattr(inline, "INLINERS", {"premailer": Counting()})
    renderer, edition = EditionRenderer(MailSettings(), LINKS, renderer=render), four_sections()
    for _ in range(20):
        for choice in (EVERYTHING, Choice(sections=("sport",)), Choice(digits="latn")):
            renderer.messages_of(the_list(), edition).prepared(choice).build(a_reader())
    assert Counting.calls == 3


def test_threads_that_miss_the_same_choice_render_it_once() -> None:
    counted = Counted(size=5000)
    renderer, edition = a_press(counted), four_sections()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: renderer.prepared(the_list(), edition), range(64)))
    assert len(counted.looks) == 1
    assert len({id(one) for one in made}) == 1


def test_digits_and_months_are_a_reader_s_choice_too() -> None:
    counted = Counted()
    renderer = a_press(counted)
    renderer.messages_of(the_list(), four_sections()).prepared(Choice(digits="latn", months="levant"))
    renderer.prepared(the_list(), four_sections())
    assert [(mail_style.digits, mail_style.months) for mail_style in counted.looks] == [
        ("latn", "levant"),
        ("arab", "default"),
    ]


def test_what_an_admin_set_of_a_list_reaches_the_template() -> None:
    mail_style = a_press().mail_style(
        a_list(
            from_name="المرفأ",
            keywords=["الجسر"],
            theme={"greeting": "صباح الخير"},
            social=[{"name": "قناتنا", "url": "https://mujaz.example/channel"}],
            postal_address="شارع المرفأ، ١٢",
        ),
        3,
    )
    assert (mail_style.from_name, mail_style.keywords, mail_style.postal_address) == (
        "المرفأ",
        ("الجسر",),
        "شارع المرفأ، ١٢",
    )
    assert mail_style.theme.greeting == "صباح الخير"
    assert [(place.name, place.url) for place in mail_style.social] == [
        ("قناتنا", "https://mujaz.example/channel")
    ]
    assert mail_style.edition_url == "https://mujaz.example/l/daily/3"


def test_what_no_longer_fits_goes_the_least_used_first() -> None:
    counted = Counted(size=1000)
    renderer, edition = a_press(counted), four_sections()
    size = renderer.prepared(the_list(), edition).octets
    counted.looks.clear()
    renderer = a_press(counted, keep_octets=size * 3)
    first, second, third, fourth = (Choice(sections=(key,)) for key in KEYS)
    for choice in (first, second, first, third, fourth, first):
        renderer.messages_of(the_list(), edition).prepared(choice)
        assert renderer.cache.octets <= size * 3
    assert len(counted.looks) == 4
    renderer.messages_of(the_list(), edition).prepared(second)
    assert len(counted.looks) == 5


def test_a_message_larger_than_all_the_room_is_kept_alone() -> None:
    counted = Counted()
    renderer, edition = a_press(counted, keep_octets=1), four_sections()
    for _ in range(3):
        renderer.prepared(the_list(), edition)
    assert len(counted.looks) == 1


def test_a_changed_list_or_edition_is_rendered_anew() -> None:
    counted = Counted()
    renderer = a_press(counted)
    renderer.prepared(the_list(), four_sections())
    renderer.prepared(a_list(id=1, from_name="المرفأ"), four_sections())
    renderer.prepared(the_list(), four_sections(fingerprint="1" * 64))
    renderer.prepared(the_list(), four_sections(started_at=NOW + timedelta(hours=1)))
    assert len(counted.looks) == 4


def test_a_layout_of_the_admins_own_that_changed_is_rendered_anew(tmp_path: Path) -> None:
    counted = Counted()
    renderer = EditionRenderer(
        MailSettings(layouts=tmp_path), LINKS, keep_octets=10_000_000, renderer=counted
    )
    (tmp_path / "mine").mkdir()
    for name in ("subject.txt", "body.txt", "body.html"):
        (tmp_path / "mine" / name).write_text("موجز", encoding="utf-8")
    mailing_list = a_list(id=1, layout="mine")
    for _ in range(2):
        renderer.prepared(mailing_list, four_sections())
    assert len(counted.looks) == 1
    (tmp_path / "mine" / "body.html").write_text("موجز آخر", encoding="utf-8")
    renderer.prepared(mailing_list, four_sections())
    assert len(counted.looks) == 2
    (tmp_path / "shared.html").write_text("قطعة", encoding="utf-8")  # what a layout may include
    renderer.prepared(mailing_list, four_sections())
    renderer.prepared(mailing_list, four_sections())
    assert len(counted.looks) == 3
    # An alert has a layout of ours: nothing of the admin's is in it.
    alert = four_sections(kind=EditionKind.BREAKING)
    renderer.prepared(mailing_list, alert)
    (tmp_path / "mine" / "body.html").write_text("موجز ثالث", encoding="utf-8")
    renderer.prepared(mailing_list, alert)
    assert len(counted.looks) == 4


def test_the_same_edition_gives_the_same_bytes_on_another_machine() -> None:
    one, other = (a_press().prepared(the_list(), four_sections()).build(a_reader()) for _ in range(2))
    assert one == other


def test_a_reader_of_sections_that_are_not_in_the_edition_gets_nothing() -> None:
    with pytest.raises(NothingToSendError):
        a_press().messages_of(the_list(), four_sections()).prepared(Choice(sections=("weather",)))


@pytest.mark.parametrize(
    "headline", ["خبر __MUJAZ_UNSUBSCRIBE__", "_\u200b_MU\u0640JAZ_EMAIL__", "__MU__MUJAZ_JAZ_EMAIL__"]
)
def test_a_headline_that_spells_a_token_is_given_nobody_s_link(headline: str) -> None:
    content = an_edition_content(
        sections=(Section(key="economy", title="الاقتصاد", stories=(a_story(headline),)),)
    )
    edition = an_edition(1, id=7, content=content.model_dump(mode="json"))
    message = a_press().prepared(the_list(), edition)
    renderer = EditionRenderer(MailSettings(), LINKS, renderer=render)
    for prepared in (message, renderer.prepared(the_list(), edition)):
        assert b"MUJAZ_EMAIL" not in prepared.build(a_reader(), eight_bit=True)
    shown = renderer.prepared(the_list(), edition).html(a_reader())
    clean = renderer.prepared(the_list(), an_edition(1, id=8)).html(a_reader())
    assert shown.count(a_reader().unsubscribe_url) == clean.count(a_reader().unsubscribe_url)
    assert shown.count(a_reader().email) == clean.count(a_reader().email)
