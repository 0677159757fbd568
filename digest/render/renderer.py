"""From an edition to messages: renders once for all who chose alike, keeps the last, and splices per
subscriber.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Protocol

from digest.errors import ConfigError, EditionHeldError
from digest.model import Edition, EditionContent, MailingList
from digest.model.people.choice import EVERYTHING, Choice
from digest.model.rows import row_id
from digest.render import clicks
from digest.render.composing import Composer
from digest.render.edition import fits, layout_of, render, smaller_and_smaller, too_large
from digest.render.links import Links
from digest.render.message.cache import MessageCache
from digest.render.message.mime import (
    Halves,
    MessageHead,
    PreparedMessage,
    prepare,
    prepare_pieces,
    split_at_values,
)
from digest.render.message.parts import Segments
from digest.render.message.rendered import RenderedEdition
from digest.render.presenters.choosing import Choosing, Settled
from digest.render.templating.placeholders import neutralise
from digest.render.templating.style import MailStyle, Social
from digest.render.templating.templates import stamps
from digest.render.templating.theme import theme_of
from digest.settings import MailSettings
from digest.text.addresses.domain import domain_of

KEPT_OCTETS = 96 * 1024 * 1024
"""A thousand free choices of a usual edition fit in; more are composed again when they come back."""
KEPT_KEYS = 20_000
"""Choices of which it is remembered what they come to; so many that a batch finds those of the one before."""
KEPT_COMPOSERS = 16
"""Editions on their way at once, in each of the looks that readers chose."""


class Renderer(Protocol):
    """Makes a mail of an edition."""

    def __call__(self, content: EditionContent, mail_style: MailStyle, *, now: datetime) -> RenderedEdition:
        """Return the mail; relative times count from `now`."""


class EditionRenderer:
    """Renders editions with one set of links and one sender.

    Messages are kept up to `keep_octets`, so that work grows with the number of different choices and memory
    does not.
    """

    def __init__(
        self,
        mail: MailSettings,
        links: Links,
        *,
        machine_label: bool = True,
        keep_octets: int = KEPT_OCTETS,
        renderer: Renderer = render,
    ) -> None:
        self._mail = mail
        self._machine_label = machine_label
        self._links = links
        self._renderer = renderer
        self.cache = MessageCache(keep_octets)
        self.segments = Segments()
        self._composers: OrderedDict[str, Composer] = OrderedDict()
        self._settled: dict[tuple[str, Choice], tuple[str, Settled]] = {}

    def mail_style(
        self,
        mailing_list: MailingList,
        number: int,
        choice: Choice | Settled = EVERYTHING,
        counted: Mapping[str, str] | None = None,
    ) -> MailStyle:
        """Return how the list's editions look to those who chose so; `counted` are the edition's own links
        (`counted`).
        """
        return MailStyle(
            list_name=mailing_list.name,
            language=mailing_list.language,
            layout=mailing_list.layout,
            digits=choice.digits or mailing_list.digits,
            months=choice.months or mailing_list.months,
            hijri=choice.hijri,
            headlines_only=choice.headlines_only,
            left_out=len(choice.muted) if isinstance(choice, Settled) else 0,
            hijri_offset=mailing_list.hijri_offset,
            timezone=mailing_list.timezone,
            from_name=mailing_list.from_name or self._mail.from_name,
            from_address=mailing_list.from_address or self._mail.from_address,
            description=mailing_list.description,
            edition_url=self._links.edition(mailing_list.slug, number),
            archive_url=self._links.archive(mailing_list.slug),
            layouts=str(self._mail.layouts or ""),
            keywords=tuple(mailing_list.keywords),
            theme=theme_of(mailing_list.theme),
            social=tuple(Social(place["name"], place["url"]) for place in mailing_list.social),
            postal_address=mailing_list.postal_address,
            inliner=self._mail.inliner,
            machine_label=self._machine_label,
            pictures_url=self._links.pictures,
            counts_clicks=mailing_list.count_clicks,
            counted=counted or {},
        )

    def counted(
        self, mailing_list: MailingList, edition: Edition, content: EditionContent
    ) -> Mapping[str, str]:
        """Return the edition's own links to its addresses, where the list counts how often they are
        opened.
        """
        if not mailing_list.count_clicks:
            return {}
        return clicks.counted(self._links, row_id(edition), content)

    def render(
        self, mailing_list: MailingList, content: EditionContent, choice: Choice = EVERYTHING
    ) -> RenderedEdition:
        """Render an edition's mail with the sections that were chosen; relative times count from the end of
        its window.

        Raises:
            NothingToSendError: none of the chosen sections is in this edition, or all in them is muted.
        """
        choosing = Choosing(content)
        return self.render_settled(mailing_list, choosing, choosing.settled(choice))

    def render_settled(
        self,
        mailing_list: MailingList,
        choosing: Choosing,
        settled: Settled,
        counted: Mapping[str, str] | None = None,
    ) -> RenderedEdition:
        """Render an edition's mail for those whose choice comes to that."""
        shown = neutralise(choosing.content_of(settled))
        mail_style = self.mail_style(mailing_list, shown.number, settled, counted)
        return self._renderer(shown, mail_style, now=shown.window_end)

    def composes(self, edition: Edition, mail_style: MailStyle) -> bool:
        """Say whether an edition's mails are composed of pieces: by a layout of ours."""
        return self._renderer is render and not layout_of(edition.kind.value, mail_style).own

    def composer(self, key: str, make: Callable[[], Composer]) -> Composer:
        """Return what is kept under a key; when it is not there it is made. Not for several threads at
        once.
        """
        if key not in self._composers:
            self._composers[key] = make()
            while len(self._composers) > KEPT_COMPOSERS:
                self._composers.popitem(last=False)
        self._composers.move_to_end(key)
        return self._composers[key]

    def settled(
        self, seed: str, choice: Choice, make: Callable[[], tuple[str, Settled]]
    ) -> tuple[str, Settled]:
        """Return what a choice comes to in the edition of a seed, with its key; worked out when it is not
        known.
        """
        found = self._settled.get((seed, choice))
        if found is None:
            found = make()
            if len(self._settled) >= KEPT_KEYS:
                self._settled.clear()
            self._settled[seed, choice] = found
        return found

    def head(self, mailing_list: MailingList, number: int, at: datetime) -> MessageHead:
        """Return the headers that all messages of an edition share."""
        mail_style = self.mail_style(mailing_list, number)
        return MessageHead(
            from_name=mail_style.from_name,
            from_address=mail_style.from_address,
            list_name=mailing_list.name,
            list_id=f"{mailing_list.slug}.list.{self.domain(mailing_list)}",
            archive_url=mail_style.archive_url,
            feedback_id=f"{number}:{mailing_list.slug}:{mailing_list.id}:mujaz",
            date=at,
        )

    def domain(self, mailing_list: MailingList) -> str:
        """Return the sender's domain."""
        return domain_of(mailing_list.from_address or self._mail.from_address)

    def messages_of(self, mailing_list: MailingList, edition: Edition) -> "EditionMessages":
        """Return the messages of one edition: one for each choice of its subscribers."""
        return EditionMessages(self, mailing_list, edition)

    def prepared(self, mailing_list: MailingList, edition: Edition) -> PreparedMessage:
        """Return the edition's message for those who chose nothing, as `EditionMessages.prepared`."""
        return self.messages_of(mailing_list, edition).prepared()


class EditionMessages:
    """The messages of one edition, one for each choice of its subscribers. Used by one thread at a time."""

    def __init__(self, renderer: EditionRenderer, mailing_list: MailingList, edition: Edition) -> None:
        self._renderer = renderer
        self._mailing = mailing_list
        self._edition = edition
        self._at = edition.started_at or edition.created_at

    def prepared(self, choice: Choice = EVERYTHING) -> PreparedMessage:
        """Return the edition's message for all who chose so, ready for splicing.

        The same edition and choice give the same bytes every time, as long as nobody changes an admin's own
        layout. Choices that come to the same (sections in another order, sections that this edition has not)
        share one rendering. Rendering takes a tenth of a second of this thread; a message that is kept takes
        a microsecond.

        Raises:
            NothingToSendError: none of the chosen sections is in this edition.
            EditionHeldError: it cannot be rendered: the list's layout is wrong, or was changed since it was
                approved.
        """
        try:
            key, settled = self._renderer.settled(self._seed, choice, lambda: self._key_of(choice))
            return self._renderer.cache.take(key, lambda: self._make(settled))
        except ConfigError as error:
            raise EditionHeldError(error.message, remedy=error.remedy) from error

    def _key_of(self, choice: Choice) -> tuple[str, Settled]:
        """Return the key under which a choice is kept, and what it comes to in this edition."""
        settled = self._choosing.settled(choice)
        return sha256(f"{self._seed} {settled}".encode()).hexdigest(), settled

    @cached_property
    def _seed(self) -> str:
        """What the messages of all choices depend on."""
        edition = self._edition
        files = stamps(layout_of(edition.kind.value, self._style))
        seed = repr((edition.id, edition.fingerprint, self._head, self._style, files))
        return sha256(seed.encode()).hexdigest()

    @cached_property
    def _head(self) -> MessageHead:
        return self._renderer.head(self._mailing, self._edition.number, self._at)

    @cached_property
    def _safe(self) -> Choosing:
        """The content without what could be taken for a token; places of stories are the same."""
        return Choosing(neutralise(self._choosing.content))

    @cached_property
    def _choosing(self) -> Choosing:
        return Choosing(EditionContent.model_validate(self._edition.content))

    def _make(self, settled: Settled) -> PreparedMessage:
        if self._is_composed:
            return self._composed(settled)
        counted = self._style.counted
        rendered = self._renderer.render_settled(self._mailing, self._choosing, settled, counted)
        return prepare(rendered, self._head, segments=self._renderer.segments)

    @cached_property
    def _style(self) -> MailStyle:
        counted = self._renderer.counted(self._mailing, self._edition, self._choosing.content)
        return self._renderer.mail_style(self._mailing, self._edition.number, counted=counted)

    @cached_property
    def _is_composed(self) -> bool:
        return self._renderer.composes(self._edition, self._style)

    def _composed(self, settled: Settled) -> PreparedMessage:
        content, own = self._safe.content_of(settled), self._style
        look = layout_of(content.kind, own).name
        mail_style = replace(
            own,
            digits=settled.digits or own.digits,
            months=settled.months or own.months,
            headlines_only=settled.headlines_only,
        )
        chosen = (mail_style.digits, mail_style.months, mail_style.headlines_only)
        for measures in smaller_and_smaller(look):
            composer = self._renderer.composer(
                f"{self._seed} {chosen} {measures}",
                partial(Composer, self._safe.content, mail_style, measures),
            )
            made = composer.compose(content, len(settled.muted), hijri=settled.hijri)
            if fits(made.page):
                halves = Halves(made.text, *split_at_values(made.html))
                return prepare_pieces(made.subject, halves, self._head, self._renderer.segments)
        raise too_large(look)
