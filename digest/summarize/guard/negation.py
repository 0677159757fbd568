"""Whether a sentence says no where its sources say yes, or yes where they say no.

In Arabic a particle («لم», «ليس», «غير») negates the word after it, and a denial («نفى», «رفض») makes
doubtful what follows; words are compared by their consonants, so that «لم يعلن» and «أعلنت» speak of one
thing. In the other languages it is only seen whether a sentence negates at all. What another word denies
(«فشل», «غاب») is not known here. docs/why/summaries.md has the rates.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from digest.text.words.lexicon import read
from digest.text.words.normalise import fold
from digest.text.words.short_cache import cached_when_short
from digest.text.words.tokens import STOP_WORDS, stem, words

_CLAUSE = re.compile(r"[.!?؟؛،,:…()\n]")
_STOP = STOP_WORDS["ar"]
# How many words a denial and an exception («لا … إلا») reach over.
_REACH = 6
_EXCEPTED = 8
# What a particle negates is sought in so many words.
_FARTHEST = 12
# So many words that a source only has where it denies them make a sentence of it.
_FEW = 2
# Words of so few letters are taken for each other.
_SHORT = 3
_PREFIXES = ("وس", "س", "و", "ف", "ب", "ل", "ك")
_PERSONS = "يتنا"
_ENDINGS = ("ت", "وا", "ون", "نا", "تا", "ته", "هم", "ها")
_WEAK = "اويهء"

Root = frozenset[str]
State = Literal["said", "denied", "without", "doubted", "nothing"]


def _words(name: str) -> frozenset[str]:
    """Return the folded words of a list, each also with «و» and «ف» before it."""
    bare = frozenset(map(fold, read(f"negations/{name}")))
    return bare | {f"{letter}{word}" for word in bare for letter in "وف"}


_PARTICLES = _words("particles")
_WITHOUT = _words("without")
_NEGATIONS = _PARTICLES | _words("nouns") | _WITHOUT
_BUT = frozenset((fold("غير"), fold("وغير")))
_THAT = frozenset(fold("أن أنه أنها أنهم").split())
_DENIALS = _words("denials")
_CONFIRMATIONS = _words("confirmations")
_ACCEPTANCES = _words("acceptances")
# These look negated and are not: «لا يزال», «لا يقل عن».
_IDIOMS = _words("idioms")
# The news is in the word after these.
_LIGHT = _words("light")
_AUXILIARIES = _words("auxiliaries")
_ANY = _words("any")
_EXCEPTIONS = _words("exceptions")
_CONTRASTS = _words("contrasts")
_ELSEWHERE = {
    language: frozenset(map(fold, read(f"negations/{language}"))) for language in ("fa", "ur", "he", "en")
}
# The negative present of Persian verbs, and the short forms of English ones.
_NEGATIVE_FORMS = {"fa": re.compile("نمي"), "en": re.compile(r"[a-z]+n['\u2019]t\Z")}


@dataclass(frozen=True, slots=True)
class _Polarity:
    """The words of a text by what it does with them; `negates` when a particle stands in it."""

    said: frozenset[str]
    denied: frozenset[str]
    without: frozenset[str]
    doubted: frozenset[str]
    negates: bool

    @property
    def rejects(self) -> bool:
        return not _DENIALS.isdisjoint(self.said | self.denied | self.doubted)

    @property
    def denies(self) -> bool:
        return self.negates or self.rejects


def negation_changed(sentence: str, sources: Sequence[str], language: str = "ar") -> bool:
    """Say whether the sentence negates what no source negates, or leaves out the negation of all that it
    cites.

    What the sentence negates may be negated or denied in a source, or absent from the sources when the one
    that is nearest to the sentence negates something too. What it says may not be found only negated.
    """
    if language != "ar":
        return _denies(sentence, language) not in {_denies(source, language) for source in sources}
    written, cited = _polarity(sentence), [_polarity(source) for source in sources]
    return _negates_anew(written, cited) or _leaves_out(written, cited)


def _negates_anew(written: _Polarity, cited: Sequence[_Polarity]) -> bool:
    known = frozenset(word for one in cited for word in one.denied | one.without | one.doubted)
    said = frozenset(word for one in cited for word in one.said)
    if any(len(word) > _SHORT for word in written.denied & said - known):
        return True
    of_known, of_said = _roots(known), _roots(said)
    new = [root for root in _roots(written.denied) if not _has(of_known, root)]
    if any(_has(of_said, root) for root in new):
        return True
    is_about_nothing = written.negates and not written.denied and not written.without
    return bool(new or is_about_nothing) and not _nearest(written, cited).denies


def _nearest(written: _Polarity, cited: Sequence[_Polarity]) -> _Polarity:
    """Return the source that shares most of the sentence's roots; the first of equals."""
    mine = _roots(_all(written))
    theirs = [_roots(_all(one)) for one in cited]
    shared = [sum(_has(roots, root) for root in mine) for roots in theirs]
    return cited[shared.index(max(shared))]


def _leaves_out(written: _Polarity, cited: Sequence[_Polarity]) -> bool:
    denied = frozenset(word for one in cited for word in one.denied | one.without)
    doubted = frozenset(word for one in cited for word in one.doubted)
    said = frozenset(word for one in cited for word in one.said)
    if any(len(word) > _SHORT for word in written.said & denied - said):
        return True
    of_denied, of_doubted, of_said = _roots(denied), _roots(doubted), _roots(said)
    absent = [root for root in _roots(written.said) if not _has(of_said, root)]
    if any(_has(of_denied, root) and not _has(of_doubted, root) for root in absent):
        return True
    if written.denies or not any(one.rejects for one in cited):
        return False
    if sum(_has(of_doubted, root) and not _has(of_denied, root) for root in absent) >= _FEW:
        return True
    met = frozenset(word for one in cited for word in _all(one))
    return any(written.said & yes and not met & yes for yes in (_CONFIRMATIONS, _ACCEPTANCES))


def _has(roots: Sequence[Root], root: Root) -> bool:
    return any(not root.isdisjoint(other) for other in roots)


def _all(one: _Polarity) -> frozenset[str]:
    return one.said | one.denied | one.without | one.doubted


def _polarity(text: str) -> _Polarity:
    found: dict[State, set[str]] = {
        "said": set(),
        "denied": set(),
        "without": set(),
        "doubted": set(),
        "nothing": set(),
    }
    negates = False
    for clause in _CLAUSE.split(fold(text)):
        said = words(clause)
        states, negated = _states(said)
        negates |= negated
        for word, state in zip(said, states, strict=True):
            found[state].add(word)
    return _Polarity(
        frozenset(found["said"]),
        frozenset(found["denied"]),
        frozenset(found["without"]),
        frozenset(found["doubted"]),
        negates,
    )


def _roots(said: Iterable[str]) -> list[Root]:
    """Return the roots of the words of meaning."""
    meant = (word for word in said if len(word) > 2 and not word[0].isdigit() and word not in _STOP)
    return [root for word in meant if (root := _root(word))]


def _states(said: Sequence[str]) -> tuple[list[State], bool]:
    """Return how a clause has each of its words, and whether a particle in it negates."""
    states: list[State] = ["said"] * len(said)
    negated = False
    for at, word in enumerate(said):
        if word in _NEGATIONS:
            after = said[at + 1] if at + 1 < len(said) else ""
            if after in _IDIOMS or (word in _BUT and after in _THAT):
                continue
            if not _EXCEPTIONS.isdisjoint(said[at + 1 : at + 1 + _EXCEPTED]):
                end = min(len(said), at + 1 + _EXCEPTED)
                states[at:end] = ["nothing"] * (end - at)
                continue
            negated = True
            states[at] = "nothing"
            for place, state in _scope(said, at):
                states[place] = state
        elif word in _DENIALS:
            for place in range(at + 1, min(len(said), at + 1 + _REACH)):
                if states[place] == "said":
                    states[place] = "doubted"
    return states, negated


def _scope(said: Sequence[str], at: int) -> Iterator[tuple[int, State]]:
    """Yield what the negation at a place negates: the word of meaning after it, light verbs before that, and
    what «أي» is said of.

    A word with the article is the subject («ليست الحكومة مسؤولة»): then the next is negated too.
    """
    state: State = "without" if said[at] in _WITHOUT else "denied"
    left, is_first, has_auxiliary, place = 1, True, False, at + 1
    end = min(len(said), at + 1 + _FARTHEST)
    while place < end and left and said[place] not in _CONTRASTS:
        word = said[place]
        if word in _LIGHT:
            yield place, state
        elif word in _AUXILIARIES or word in _STOP:
            has_auxiliary |= word in _AUXILIARIES
        else:
            yield place, state
            is_subject = word.startswith("ال") and (has_auxiliary or said[at] not in _PARTICLES)
            left = 1 if is_first and is_subject else 0
            is_first = False
        place += 1
    for later in range(place, min(len(said), at + 1 + _EXCEPTED)):
        if said[later] in _CONTRASTS:
            return
        if said[later - 1] in _ANY:
            yield later, state


@cached_when_short(16_384)
def _root(word: str) -> Root:
    """Return what is left of a word in its readings: without prefixes, persons and endings, its
    consonants.
    """
    one = stem(word)
    forms = {one} | {one.removeprefix(each) for each in _PREFIXES if len(one) - len(each) >= 3}
    forms |= {form[1:] for form in forms if form[0] in _PERSONS and len(form) > 3}
    forms |= {form.removesuffix(each) for form in forms for each in _ENDINGS if len(form) - len(each) >= 3}
    roots = ("".join(letter for letter in form if letter not in _WEAK) for form in forms)
    return frozenset(root for root in roots if len(root) > 1)


def _denies(text: str, language: str) -> bool:
    known, form = _ELSEWHERE.get(language, frozenset()), _NEGATIVE_FORMS.get(language)
    return any(word in known or (form is not None and form.match(word)) for word in words(text))
