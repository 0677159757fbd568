"""All public functions that take a text or bytes, found in the code, with what else they have to be given."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from digest.collect.clean.rules import shipped

ROOMS = (
    "digest.text",
    "digest.collect",
    "digest.curate",
    "digest.summarize",
    "digest.render.presenters.typesetting.typography",
    "digest.render.message",
    "digest.render.edition",
    "digest.deliver",
    "digest.entrypoints.security",
)
"""Where what strangers wrote is worked on."""
GIVEN: dict[str, Any] = {
    "zone": "UTC",
    "now": datetime(2026, 1, 5, tzinfo=UTC),
    "url": "https://marfa.example/7",
    "digits": "arab",
    "paragraphs": [],
    "lines": [],
    "text": "",
    "following": "نص",
    "rules": shipped(),
    "date": None,
    "allowed": (),
    "networks": (),
    "least": 0.3,
    "what": "a key",
    "selector": "h3 a",
    "sites": ("المرفأ",),
    "display": "المرفأ",
    "address": "a@marfa.example",
    "identifier": "daily",
    "most": 300,
    "diagnostic": "",
    "action": "failed",
    "sent_to": (),
    "owner": lambda address: address,
    "value": b"",
    "secret": b"x",
    "length": 20,
    "language": "ar",
    "buckets": 1024,
    "port": 80,
    "base": "https://marfa.example/7",
    "charset": "utf-8",
    "changes": {"أميركا": "أمريكا"},
    "opening": "نص",
    "title": "عنوان",
    "head": ("عنوان",),
    "body": ("نص",),
    "other": "قتل ٣ أشخاص",
    "known": {},
    "said": frozenset[str](),
    "keys": (b"x",),
}
"""What required arguments besides the first are given, by their names."""
TAKES_OURS = {
    "digest.collect.sandbox.child.main": "the parent's own limits",
    "digest.collect.clean.rules.folded_pattern": "patterns of an editor's file",
    "digest.collect.fetch.responses.late": "no reader",
    "digest.collect.websub.token": "our own key",
    "digest.collect.websub.secret": "our own key",
    "digest.collect.websub.is_signed": "a header's form is looked at before",
    "digest.deliver.bounces.parse.phrases.begins": "the name of a table comes first; test_hostile_returned reads through it",
    "digest.deliver.bounces.parse.phrases.is_said": "as `begins`",
    "digest.deliver.channels.telegram.editing": "a number of a message",
    "digest.deliver.dkim.keys.make": "no reader",
    "digest.render.edition.layout_of": "the name of a layout",
    "digest.render.message.headers.structured": "fields of our own",
    "digest.render.message.message_id.message_id": "our own key",
    "digest.render.message.plain.plain_message": "words of our own, in few lines",
    "digest.render.message.mime.prepare_pieces": "a subject that fits its header's limit",
    "digest.summarize.language_model.answer.question": "our own prompt",
}
"""What is left out, and why."""
BY_OTHERS = (
    "digest.text.words.lexicon",  # files of our own
    "digest.summarize.guard",  # of a model's answer, which is short by its limit of tokens
    "digest.deliver.webhooks.mailgun",
    "digest.deliver.webhooks.postmark",
    "digest.deliver.webhooks.sendgrid",  # all three read JSON that `common.parsed` has parsed
    "digest.collect.parse.pages.body.read",  # takes a tree; `page.extract` makes it
)


def functions() -> dict[str, Callable[[Any], object]]:
    """Return the functions by their whole names, each as a function of its first argument alone."""
    return {name: _bound(work) for name, work in _public() if name not in TAKES_OURS}


def takes_bytes(work: Callable[[Any], object]) -> bool:
    """Say whether a function is given bytes."""
    return bool(getattr(work, "takes_bytes", False))


def _public() -> Iterator[tuple[str, Callable[..., object]]]:
    for room in ROOMS:
        package = importlib.import_module(room)
        inner = pkgutil.walk_packages(getattr(package, "__path__", []), f"{room}.")
        for name in (room, *(one.name for one in inner)):
            module = importlib.import_module(name)
            for own, work in sorted(vars(module).items()):
                whole = f"{name}.{own}"
                plain = inspect.unwrap(work) if callable(work) else None
                if not inspect.isfunction(plain) or inspect.iscoroutinefunction(plain):
                    continue
                if (
                    plain.__module__ == name
                    and not own.startswith(("_", *"ABCDEFGHIJ"))
                    and not whole.startswith(BY_OTHERS)
                ):
                    first = next(iter(inspect.signature(plain).parameters.values()), None)
                    if first is not None and first.annotation in {str, bytes, "str", "bytes", str | None}:
                        yield whole, plain


def _bound(work: Callable[..., object]) -> Callable[[Any], object]:
    first, *others = inspect.signature(work).parameters.values()
    needed = [one for one in others if one.default is one.empty]
    missing = [one.name for one in needed if one.name not in GIVEN]
    assert not missing, f"{work.__module__}.{work.__name__}: say in GIVEN what {missing} are"
    places = [GIVEN[one.name] for one in needed if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: GIVEN[one.name] for one in needed if one.kind is one.KEYWORD_ONLY}

    def of_text(text: Any) -> object:
        found = work(text, *places, **named)
        return list(found) if inspect.isgenerator(found) else found

    of_text.takes_bytes = first.annotation in {bytes, "bytes"}  # type: ignore[attr-defined]
    return of_text
