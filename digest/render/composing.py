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

from digest.model import EditionContent
from digest.render.edition import layout_of, own_style, text_lines
from digest.render.message.mime import sendable
from digest.render.message.wrap import LONGEST, ROOM_FOR_VALUES, wrapped
from digest.render.presenters.context import RenderContext, build_context
from digest.render.presenters.fragments import ITEM, LISTS, Arguments, Key, keys_of, whole_key
from digest.render.presenters.likely import likely
from digest.render.presenters.plan import Measures
from digest.render.presenters.present import present
from digest.render.presenters.shared import SharedViews
from digest.render.presenters.typesetting.typography import Phrase
from digest.render.presenters.view import EditionView
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
KEPT_PARTS = 2048
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
        self._contexts: dict[tuple[int, bool], RenderContext] = {}
        """By how many stories mutes left out, and whether the Hijri date is shown."""
        self._shared = SharedViews.of(whole, self._context)
        self._templates = environment(self._chosen)
        self._fragments: dict[Key, str] = {}
        self._parts: dict[tuple[Key, ...], str] = {}
        self._around: dict[Key, tuple[str, ...]] = {}
        self._texts: dict[Key, str] = {}
        self._modules: dict[str, Any] = {}
        self._whole = whole
        self._composed = 0

    def compose(self, content: EditionContent, left_out: int, *, hijri: bool = True) -> ComposedMail:
        """Return the mail of an edition with these stories, of which a reader's mutes left so many out; with
        the Hijri date, or without.
        """
        context = self._contexts.get((left_out, hijri))
        if context is None:
            own = replace(self._style, left_out=left_out, hijri=hijri)
            context = self._contexts[left_out, hijri] = replace(self._context, mail_style=own)
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
        ahead = (
            likely(calls, self._whole, self._shared, self._context, self._measures)
            if self._composed == SECOND
            else []
        )
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
        parts = [part for call in calls if (part := self._part(call))]
        return (wrapped(before), *parts, after)

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

    def _has(self, call: tuple[str, Arguments]) -> bool:
        return all(key in self._fragments for key in keys_of(call))

    def _part(self, call: tuple[str, Arguments]) -> str:
        """A part's page; the same text is the same object, so that what is found out about it is found out
        once.
        """
        keys = tuple(keys_of(call))
        made = self._parts.get(keys)
        if made is None:
            body = "".join(self._fragments[key] for key in keys).strip()
            made = f"{body}\n" if body else ""
            if len(self._parts) >= KEPT_PARTS:
                self._parts.clear()
            self._parts[keys] = made
        return made

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
        made_here = set(self._fragments)
        bodies = "".join(
            f"{_BEGIN}{_once((name, given), str(getattr(module, name)(*given)), made_here)}{_END}"
            for name, given in missing
        )
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


def _once(call: tuple[str, Arguments], body: str, made: set[Key]) -> str:
    """A call's body without the items that are made already, which an inliner need not see again; what is
    new is added to `made`.
    """
    if call[0] not in LISTS:
        return body
    keys, pieces = keys_of(call), body.split(CUT)
    for place, (key, _) in enumerate(zip(keys, pieces, strict=True)):
        if key[1] == ITEM and key in made:
            pieces[place] = ""
        made.add(key)
    return str(CUT).join(pieces)


def _slot(name: str) -> Phrase:
    return Phrase(name, Markup(name))  # noqa: S704 one of five names of ours
