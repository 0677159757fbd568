"""By which keys the pieces of composed mails are kept."""

from collections.abc import Sequence
from typing import Any

from digest.render.presenters.typesetting.typography import Phrase
from digest.render.presenters.view import SectionView, StoryView

LISTS = frozenset({"contents", "section", "brief", "figures"})
"""Parts that say one thing after the other: what is around depends on how many these are alone."""

ITEM = "item"
"""Stands second in the key of an item."""
Arguments = tuple[Any, ...]
Key = tuple[Any, ...]


def keys_of(call: tuple[str, Arguments]) -> list[Key]:
    """Return the keys of the fragments that a call is made of, in their order: what is around and between,
    and each item.
    """
    name, arguments = call
    if name not in LISTS:
        return [whole_key(call)]
    items = _items(arguments[0])
    shape = (name, len(items), _shape(arguments))
    keys: list[Key] = [(*shape, 0)]
    for number, item in enumerate(items, 1):
        keys += ((name, ITEM, _key_of(item)), (*shape, number))
    return keys


def _items(first: Any) -> Sequence[Any]:
    return first.stories if isinstance(first, SectionView) else first


def _shape(arguments: Arguments) -> Key:
    first, *others = arguments
    own = (first.key, first.overview.text, first.style) if isinstance(first, SectionView) else ()
    return (*own, *map(_key_of, others))


def whole_key(call: tuple[str, Arguments]) -> Key:
    """Return the key of all that a call makes."""
    return (call[0], *map(_key_of, call[1]))


def _key_of(argument: Any) -> Any:
    """What an argument is told apart by. A story's view is one object for the whole edition."""
    if isinstance(argument, StoryView):
        return id(argument)
    if isinstance(argument, SectionView):
        return (argument.key, argument.overview.text, argument.style, *map(id, argument.stories))
    if isinstance(argument, tuple):
        return tuple(map(_key_of, argument))
    return argument.text if isinstance(argument, Phrase) else argument
