"""Mails composed of pieces read as whole runs of the templates do."""

import random
import re
from dataclasses import replace

import pytest

from digest.model import EditionContent, Section, SummarySentence
from digest.model.people.choice import Choice
from digest.render.composing import Composer
from digest.render.edition import layout_of, own_style, text_lines
from digest.render.presenters.choosing import Choosing
from digest.render.presenters.context import build_context
from digest.render.presenters.plan import MEASURES
from digest.render.presenters.present import present
from digest.render.presenters.shared import SharedViews
from digest.render.templating.inline import inlined
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import fill
from digest.text.languages import LANGUAGES
from tests.builders import a_story, an_edition_content

BLANKS = re.compile(r"\s+")
HEADLINES = ("افتتاح جسر «المرفأ» & محطة", "قمة في العاصمة", 'فوز فريق "Reds" في F-16', "ارتفاع ١٢٪ في السعر")


def content(kind: str = "daily") -> EditionContent:
    chance = random.Random(3)

    def story(section: str, number: int):
        headline = f"{chance.choice(HEADLINES)} {section} {number}"
        why = SummarySentence(text="ترتفع الأجور ١٠ في المئة في العام المقبل.") if number == 1 else None
        return a_story(
            headline,
            key=f"{section}{number}",
            section=section,
            score=chance.random(),
            why=why,
            update=number == 2,
        )

    return an_edition_content(
        kind=kind,
        sections=tuple(
            Section(
                key=key,
                title=f"قسم {key}",
                overview=f"ملخص {key}.",
                stories=tuple(story(key, number) for number in range(1, 6)),
            )
            for key in ("one", "two", "three", "four")
        ),
    )


def choices(count: int) -> list[Choice]:
    chance = random.Random(11)
    keys = ("one", "two", "three", "four")
    return [
        Choice(
            sections=tuple(key for key in keys if chance.random() < 0.7) or keys[:1],
            order=tuple(chance.sample(keys, chance.randint(0, 4))),
            hijri=chance.random() < 0.5,
            muted_words=tuple(chance.sample(("قمة", "فوز", "السعر"), chance.randint(0, 2))),
        )
        for _ in range(count)
    ]


def style(kind: str, inliner: str, *, bare: bool, language: str = "ar") -> MailStyle:
    return MailStyle(
        list_name="موجز اليوم",
        language=language,
        layout=kind,
        from_address="digest@mujaz.example",
        edition_url="https://mujaz.example/l/daily/1",
        archive_url="https://mujaz.example/l/daily",
        inliner=inliner,
        headlines_only=bare,
    )


def whole_run(
    kind: str, look: MailStyle, whole: EditionContent, shown: EditionContent
) -> tuple[str, str, str]:
    layout = layout_of(kind, look)
    context = build_context(own_style(layout, look), whole.window_end, whole.local_date)
    view = present(shown, context, MEASURES[kind], shared=SharedViews.of(whole, context))
    pages = fill(layout, {"edition": view, "frame": view.frame, "words": view.frame.words})
    html = inlined(pages.html, look.inliner).rstrip() + "\n"
    return pages.subject, text_lines(pages.text, look.language), html


def plain(html: str) -> str:
    """Blanks between elements mean nothing, and how many there are between words neither."""
    return BLANKS.sub(" ", html).replace("> <", "><").replace(" >", ">")


def compared(kind: str, inliner: str, *, bare: bool, language: str = "ar", count: int = 8) -> None:
    whole = content(kind)
    look = style(kind, inliner, bare=bare, language=language)
    composer, choosing = Composer(whole, look, MEASURES[kind]), Choosing(whole)
    for choice in choices(count):
        settled = choosing.settled(choice)
        shown = choosing.content_of(settled)
        made = composer.compose(shown, len(settled.muted), hijri=settled.hijri)
        own = replace(look, left_out=len(settled.muted), hijri=settled.hijri)
        subject, text, html = whole_run(kind, own, whole, shown)
        assert made.subject == subject
        assert made.text == text
        assert plain(made.page) == plain(html)
        assert max(len(line.encode()) for line in made.page.split("\n")) <= 998


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("kind", ["daily", "weekly", "breaking"])
def test_each_choices_mail_reads_as_a_whole_run(kind: str, bare: bool):
    compared(kind, "premailer", bare=bare)


def test_the_other_inliner_is_served_as_well():
    compared("daily", "css-inline", bare=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_each_language(language: str):
    compared("daily", "css-inline", bare=False, language=language, count=3)
