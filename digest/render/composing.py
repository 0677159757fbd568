"""Compose the mail of each choice from fragments that all choices of an edition share.

A template run and an inliner take a tenth of a second; a thousand choices cannot have one each. So a layout
of ours is run in pieces: what is around the stories once, each of its parts' stories once, with marks (`cut`)
between them. A choice's mail is these pieces in its own order, and reads as the whole run would (a test holds
them against each other).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from digest.model import EditionContent, Section
from digest.render.edition import layout_of, own_style, text_lines
from digest.render.message.mime import sendable
from digest.render.message.wrap import LONGEST, ROOM_FOR_VALUES, wrapped
from digest.render.presenters.blocks import rest
from digest.render.presenters.context import build_context
from digest.render.presenters.fragments import LISTS, Arguments, Key, keys_of, whole_key
from digest.render.presenters.plan import Measures, Placed
from digest.render.presenters.present import contents_line, present
from digest.render.presenters.shared import SharedViews
from digest.render.presenters.typesetting.typography import EMPTY, Phrase
from digest.render.presenters.view import EditionView, SectionView, StoryView
from digest.render.templating.inline import inlined, rewritten
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import environment

CUT = Markup("<!--cut-->")
_BEGIN, _END = "<!--part-->", "<!--/part-->"
_CONTENT, _SUBJECT, _PREHEADER, _READING, _LEFT_OUT = (
    "xMUJAZxCONTENTx",
    "xMUJAZxSUBJECTx",
    "xMUJAZxPREHEADERx",
    "xMUJAZxREADINGx",
    "xMUJAZxLEFTxOUTx",
)
_SLOTS = re.compile(f"({_CONTENT}|{_SUBJECT}|{_PREHEADER}|{_READING}|{_LEFT_OUT})")
_CALL = re.compile("\0(\\d+)\0")
SECOND = 2
"""With a second choice there will be more: then what these need is made together."""
WIDTH = LONGEST - ROOM_FOR_VALUES
"""Octets of a line of what is kept, so that a subject or a reader's own links have room in it."""


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """One mail in pieces. `html` are those of its HTML part, in their order: the first and the last are what
    is around, each of the others is a part's.
    """

    subject: str
    text: str
    html: tuple[str, ...]

    @property
    def page(self) -> str:
        """The HTML part as one page."""
        return "".join(self.html)


class _Calls:
    """Stands for the templates' parts: notes who is called with what, and leaves a mark in the page."""

    def __init__(self) -> None:
        self.made: list[tuple[str, Arguments]] = []

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        return partial(self._called, name)

    def _called(self, name: str, *arguments: Any) -> Markup:
        self.made.append((name, arguments))
        return Markup(f"\0{len(self.made) - 1}\0")  # noqa: S704 a number between two marks


class Composer:
    """Composes the mails of one edition in one look, with one number of stories. Used by one thread at a
    time.
    """

    def __init__(self, whole: EditionContent, mail_style: MailStyle, measures: Measures) -> None:
        self._chosen = layout_of(whole.kind, mail_style)
        self._style = own_style(self._chosen, mail_style)
        self._measures = measures
        self._context = build_context(self._style, whole.window_end, whole.local_date)
        self._shared = SharedViews.of(whole, self._context)
        self._templates = environment(self._chosen)
        self._fragments: dict[Key, str] = {}
        self._around: dict[Key, tuple[str, ...]] = {}
        self._texts: dict[Key, str] = {}
        self._modules: dict[str, Any] = {}
        self._whole = whole
        self._composed = 0

    def compose(self, content: EditionContent, left_out: int, *, hijri: bool = True) -> ComposedMail:
        """Return the mail of an edition with these stories, of which a reader's mutes left so many out; with
        the Hijri date, or without.
        """
        own = replace(self._style, left_out=left_out, hijri=hijri)
        context = replace(self._context, mail_style=own)
        view = present(content, context, self._measures, shared=self._shared)
        names = {"edition": view, "frame": view.frame, "words": view.frame.words, "cut": ""}
        subject = " ".join(self._page("subject.txt").render(names).split())
        return ComposedMail(subject, self._text(view, names), self._html(view, names, subject))

    def _page(self, file: str) -> Template:
        return self._templates.get_template(f"{self._chosen.name}/{file}")

    def _calls(self, file: str, names: dict[str, Any]) -> tuple[list[str], list[tuple[str, Arguments]]]:
        """Run what a layout has between head and footer: the text between the calls of parts, and these."""
        calls, page = _Calls(), self._page(file)
        page_context = page.new_context({**names, "parts": calls})
        run = "".join(page.blocks["content"](page_context))
        return _CALL.split(run)[::2], calls.made

    def _frame(self, file: str, names: dict[str, Any]) -> str:
        """Run a layout with nothing between head and footer but a mark."""
        page = self._page(file)
        page_context = page.new_context(names)
        page_context.blocks["content"] = [lambda _: iter([_CONTENT])]
        return "".join(page.root_render_func(page_context))

    # HTML

    def _html(self, view: EditionView, names: dict[str, Any], subject: str) -> tuple[str, ...]:
        _, calls = self._calls("body.html", names)
        around = (bool(view.footer.left_out.text), view.dates)
        self._composed += 1
        ahead = self._likely(calls) if self._composed == SECOND else []
        missing = [call for call in (*calls, *ahead) if not self._has(call)]
        if missing or around not in self._around:
            self._make(view, names, missing, around)
        inliner = self._style.inliner
        filled = {
            _SUBJECT: lambda place: rewritten(escape(subject), inliner, in_text=not place),
            _PREHEADER: lambda _: rewritten(str(view.frame.preheader.html), inliner),
            _READING: lambda _: rewritten(str(view.reading.html), inliner),
            _LEFT_OUT: lambda _: rewritten(str(view.footer.left_out.html), inliner),
        }
        before, after = self._filled(self._around[around], filled)
        parts = [part for call in calls if (part := self._part(call).strip())]
        return (wrapped(before), *(f"{part}\n" for part in parts), after)

    def _filled(self, pieces: Sequence[str], filled: Any) -> tuple[str, str]:
        made: list[str] = []
        seen: dict[str, int] = {}
        before = ""
        for piece in pieces:
            if piece == _CONTENT:
                before, made = "".join(made), []
            elif piece in filled:
                made.append(filled[piece](seen.get(piece, 0)))
                seen[piece] = seen.get(piece, 0) + 1
            else:
                made.append(piece)
        return before.rstrip() + "\n", "".join(made).lstrip()

    def _likely(self, calls: list[tuple[str, Arguments]]) -> list[tuple[str, Arguments]]:
        """Calls that other choices will make: with each story in each place. To make them together takes a
        tenth of the time.
        """
        titles = dict(calls)
        bare = self._style.headlines_only
        shared, context, per_section = self._shared, self._context, self._measures.per_section
        sentences = 0 if bare else self._measures.sentences
        found: list[tuple[str, Arguments]] = []
        every = [Placed(part, story) for part in self._whole.sections for story in part.stories]
        if "lead" in titles:
            top = 0 if bare else None
            found += [("lead", (shared.story(one, context, top, 1),)) for one in every]
        for part in self._whole.sections:
            views = [shared.story(Placed(part, story), context, sentences) for story in part.stories]
            for start in range(len(views)):
                stories = tuple(views[start : start + per_section])
                found.append(("section", (self._section(part, stories),)))
        found += self._likely_lists(titles, every)
        if "brief" in titles:
            lines = tuple(shared.story(one, context, 0) for one in every)
            title = titles["brief"][1]
            found += [("brief", (lines[:count], title)) for count in range(1, self._measures.items)]
            found += [("brief", (lines[start : start + 6], title)) for start in range(0, len(lines), 6)]
        return found

    def _likely_lists(
        self, titles: dict[str, Arguments], every: Sequence[Placed]
    ) -> list[tuple[str, Arguments]]:
        """Calls for contents with each story first in its section, and for each number of stories that only
        the web has.
        """
        found: list[tuple[str, Arguments]] = []
        if "contents" in titles:
            _, *others = titles["contents"]
            lines = [
                contents_line(self._section(one.section, (self._shared.story(one, self._context, 0),)))
                for one in every
            ]
            sections = len(self._whole.sections)
            found += [("contents", (tuple(lines[:count]), *others)) for count in range(2, sections + 1)]
            found += [
                ("contents", (tuple(lines[start : start + sections]), *others))
                for start in range(0, len(lines), sections)
            ]
        if "rest" in titles:
            _, *others = titles["rest"]
            numbers = range(1, len(every) + 1)
            found += [("rest", (one, *others)) for n in numbers if (one := rest(n, self._context))]
        return found

    def _section(self, part: Section, stories: tuple[StoryView, ...]) -> SectionView:
        setter = self._context.typesetter
        overview = (
            setter.phrase(part.overview) if len(stories) > 1 and not self._style.headlines_only else EMPTY
        )
        return SectionView(
            key=part.key,
            title=self._context.name(part.title),
            overview=overview,
            stories=stories,
            style=self._shared.styles[part.key].name,
        )

    def _has(self, call: tuple[str, Arguments]) -> bool:
        return all(key in self._fragments for key in keys_of(call))

    def _part(self, call: tuple[str, Arguments]) -> str:
        return "".join(self._fragments[key] for key in keys_of(call))

    def _make(
        self,
        view: EditionView,
        names: dict[str, Any],
        missing: list[tuple[str, Arguments]],
        around: Key,
    ) -> None:
        """Run the parts that are missing, and inline their styles in one page."""
        footer = view.footer
        blank = replace(
            view,
            reading=_slot(_READING),
            frame=replace(view.frame, preheader=_slot(_PREHEADER)),
            footer=replace(footer, left_out=_slot(_LEFT_OUT)) if footer.left_out else footer,
        )
        given = {**names, "edition": blank, "frame": blank.frame, "subject": _SUBJECT}
        page = self._frame("body.html", given)
        module = self._module("_base/parts.html", names)
        bodies = "".join(f"{_BEGIN}{getattr(module, name)(*given)}{_END}" for name, given in missing)
        html = inlined(page.replace(_CONTENT, f"{_CONTENT}{bodies}{_END}"), self._style.inliner)
        html = html.rstrip() + "\n"
        head, _, rest = html.partition(_CONTENT)
        *made, tail = rest.split(_END)
        self._around[around] = tuple(_SLOTS.split(wrapped(sendable(head + _CONTENT + tail), WIDTH)))
        for call, body in zip(missing, made, strict=False):
            self._keep(call, body.partition(_BEGIN)[2])

    def _keep(self, call: tuple[str, Arguments], body: str) -> None:
        keys = keys_of(call)
        pieces = body.split(CUT) if call[0] in LISTS else [body]
        if len(pieces) != len(keys):
            raise AssertionError(f"{call[0]} has {len(pieces)} pieces for {len(keys)}")
        for key, piece in zip(keys, pieces, strict=True):
            self._fragments.setdefault(key, wrapped(sendable(piece), WIDTH))

    def _module(self, file: str, names: dict[str, Any]) -> Any:
        if file not in self._modules:
            shown = {"frame": names["frame"], "words": names["words"], "cut": CUT}
            self._modules[file] = self._templates.get_template(file).make_module(shown)
        return self._modules[file]

    # Text

    def _text(self, view: EditionView, names: dict[str, Any]) -> str:
        key = (view.reading.text, view.rest, view.footer.left_out.text, view.dates)
        if key not in self._texts:
            self._texts[key] = self._frame("body.txt", {**names, "parts": None})
        between, calls = self._calls("body.txt", names)
        pieces = [*between[:1]]
        for call, text in zip(calls, between[1:], strict=True):
            pieces += (self._text_of(call, names), text)
        whole = self._texts[key].replace(_CONTENT, "".join(pieces), 1)
        return text_lines(whole, self._style.language)

    def _text_of(self, call: tuple[str, Arguments], names: dict[str, Any]) -> str:
        key = ("text", *whole_key(call))
        if key not in self._texts:
            module = self._module("_base/parts.txt", names)
            self._texts[key] = str(getattr(module, call[0])(*call[1]))
        return self._texts[key]


def _slot(name: str) -> Phrase:
    return Phrase(name, Markup(name))  # noqa: S704 one of five names of ours
