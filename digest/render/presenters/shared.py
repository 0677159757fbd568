"""What all choices of one edition in one look share: views of its stories, its sections' colours."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from digest.model import EditionContent, Section
from digest.render.presenters.context import RenderContext
from digest.render.presenters.plan import Placed
from digest.render.presenters.story import story_view
from digest.render.presenters.view import FrameView, StoryView, StyleView
from digest.render.templating.theme import LEAST_CONTRAST, Palette, readable

DARK_CONTRAST = 7
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class SharedViews:
    """Views that all choices of one edition in one look share: of each story in each place, and the sections'
    colours.
    """

    styles: Mapping[str, StyleView]
    stories: dict[tuple[str, str, int | None, int], StoryView]
    frames: list[FrameView]
    others: dict[Hashable, Any] = field(default_factory=dict)

    def take(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what no choice of stories changes; what is not there is made, once."""
        if key not in self.others:
            self.others[key] = make()
        found: Made = self.others[key]
        return found

    @classmethod
    def of(cls, content: EditionContent, context: RenderContext) -> Self:
        """Return those of an edition: each of its sections has its colour's name."""
        styles = {
            part.key: style_of(part, context, f"s{index}") for index, part in enumerate(content.sections)
        }
        return cls(styles, {}, [])

    def story(
        self, placed: Placed, context: RenderContext, sentences: int | None, number: int = 0
    ) -> StoryView:
        """Return the view of a story in a place."""
        key = (placed.section.key, placed.story.key, sentences, number)
        if key not in self.stories:
            self.stories[key] = story_view(placed, context, sentences=sentences, number=number)
        return self.stories[key]


def style_of(section: Section, context: RenderContext, name: str) -> StyleView:
    """Return the colour of a section under a class name, readable on the card of either mode."""
    theme = context.mail_style.theme
    colour = section.colour if _is_colour(section.colour) else theme.light.accent
    return StyleView(
        name=name,
        colour=_on_both(colour, theme.light, LEAST_CONTRAST),
        dark_colour=_on_both(colour, theme.dark, DARK_CONTRAST),
    )


def _on_both(colour: str, palette: Palette, least: float) -> str:
    """The colour as it can be read on the card, where a section's title stands, and on the tint of the
    contents.
    """
    return readable(readable(colour, palette.card, least=least), palette.tint, least=least)


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(sign in "0123456789abcdefABCDEF" for sign in text[1:])
