"""How many planted errors the guard catches, and how many true sentences it refuses.

    python benchmarks/guard.py measure FILE [--limit N]
    python benchmarks/guard.py facts FILE... [--half 0|1]
    python benchmarks/guard.py negations FILE... [--half 0|1]

FILE is JSON lines, plain or gzip: {"id", "text", "title"?, "abstract"?}. An abstract that people wrote and
that is not a copy of the text is a true summary of it. `measure` plants each error into a true summary alone:
a changed number, a name of another article in the place of a name, a negation put in or left out, a summary
of another article. `facts` measures numbers and names alone, on abstracts and on headlines against their own
articles, for one half of the texts and of the planted names: halves are told apart by CRC-32 (0: what the
rules were made on, 1: held out). `negations` does so for negations, on first sentences too, each against the
three sentences of its article that are nearest to it. Headlines also count what an article lists and round
what it says, so that some of what is refused there is rightly refused. An error planted into a statement that
is refused as it stands is not counted.
"""

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import planting

from digest.summarize.guard import (
    check as guard,
)
from digest.summarize.guard import (
    negation,
    words,
)
from digest.summarize.guard import (
    numbers as guard_numbers,
)
from digest.summarize.guard import (
    quantities as guard_quantities,
)
from digest.text.words import sentences
from digest.text.words.normalise import fold
from digest.text.words.proper_names import PLACES
from digest.text.words.tokens import stem, stems

# Written by hand, so that the test knows nothing of the list of common words that it tests.
_NAMES = (
    "ترامب بوتين ميركل ماكرون أردوغان روحاني نتنياهو السيسي الأسد عباس الحريري هنية العبادي المالكي خامنئي ظريف لافروف بومبيو تيلرسون بولتون ماتيس كوشنر إيفانكا ميلانيا "
    "أوباما كلينتون بوش كيم مون آبي مودي ترودو رخوي بوتشيمون سانشيز كونتي برلسكوني سالفيني جونسون كوربن ماي لوبان هولاند ساركوزي كومي مولر سنودن أسانج غوتيريش دي ميستورا غريفيث البرادعي "
    "خاشقجي سكريبال مادورو لولا بولسونارو كاسترو زوما رامافوزا موغابي منانغاغوا بوتفليقة السبسي السراج حفتر هادي صالح البشير كيتا "
    "ميسي رونالدو نيمار صلاح مبابي زيدان غوارديولا مورينيو كلوب راموس بنزيمة مودريتش غريزمان كافاني سواريز بوغبا فيدرر نادال ديوكوفيتش هاميلتون "
    "دمشق حلب حمص إدلب درعا عفرين الرقة بغداد الموصل كركوك أربيل بيروت طرابلس بنغازي درنة صنعاء عدن الحديدة تعز القاهرة الإسكندرية سيناء غزة القدس رفح طهران أصفهان أنقرة إسطنبول "
    "الرياض جدة الدوحة دبي أبوظبي الكويت مسقط عمان الخرطوم جوبا مقديشو نيروبي أديس تونس الجزائر وهران الرباط مراكش كابول إسلام لاهور دلهي مومباي بكين شنغهاي طوكيو سيول بيونغيانغ "
    "موسكو كييف وارسو برلين ميونيخ فيينا باريس مرسيليا لندن مانشستر دبلن مدريد برشلونة لشبونة روما ميلانو أثينا بروكسل أمستردام ستوكهولم أوسلو كوبنهاغن واشنطن نيويورك شيكاغو تكساس فلوريدا كاليفورنيا كراكاس بوغوتا "
    "سوريا العراق لبنان الأردن مصر ليبيا اليمن السودان إيران تركيا روسيا أوكرانيا فرنسا ألمانيا بريطانيا إسبانيا إيطاليا بولندا الصين اليابان الهند باكستان أفغانستان ماليزيا إندونيسيا ميانمار أستراليا كندا المكسيك البرازيل الأرجنتين فنزويلا كولومبيا كوبا نيجيريا كينيا إثيوبيا زيمبابوي "
    "يوفنتوس ليفربول تشلسي أرسنال بايرن دورتموند نابولي إنتر سامسونغ هواوي غوغل فيسبوك تويتر أمازون أبل مايكروسوفت إنستغرام أوبر تسلا أرامكو نتفليكس"
)
NAMES = tuple(_NAMES.split())

SAMPLE = 8
"""Names and negations are sought in one of so many headlines: each costs all the words of its article."""


def read(path: Path) -> Iterator[dict[str, Any]]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


def facts(paths: Sequence[Path], half: int, seed: int = 5) -> None:
    """Print, for abstracts and headlines, how many true ones are refused for numbers and names, and how many
    errors are caught.
    """
    rng = random.Random(seed)
    names = [name for name in NAMES if crc32(name.encode()) % 2 == half]
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for path in paths:
        for item in read(path):
            if crc32(str(item["id"]).encode()) % 2 == half:
                for kind, text, statement in _statements(item):
                    _numbers(kind, text, statement, rng, counts)
                    if kind == "abstract" or _is_sampled(item):
                        _foreign_names(kind, text, statement, rng.sample(names, 3), counts)
    _print(counts)


def negations(paths: Sequence[Path], half: int, seed: int = 5) -> None:
    """Print how many true statements are refused for a negation, and how many are caught when one is put in
    or left out.
    """
    rng = random.Random(seed)
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for path in paths:
        for item in read(path):
            if crc32(str(item["id"]).encode()) % 2 == half:
                text = str(item["text"])
                for kind, _, statement in _statements(item):
                    if kind == "abstract" or _is_sampled(item):
                        _negations(kind, text, statement, rng, counts)
                if _is_sampled(item) and (told := sentences.split(text)):
                    _negations("opening", text, told[0], rng, counts)
    _print(counts)


def _print(counts: dict[str, Counter[bool]]) -> None:
    for name, found in sorted(counts.items()):
        print(f"{name:48} {found[True]:6} of {found.total():6}  {found[True] / found.total():.2%}")


def _is_sampled(item: dict[str, Any]) -> bool:
    return crc32(str(item["id"]).encode()) // 2 % SAMPLE == 0


def _statements(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    text, title = str(item["text"]), str(item.get("title") or "").strip()
    if _is_written(item):
        yield "abstract", text, str(item["abstract"]).strip()
    if 5 <= len(title.split()) <= 60 <= len(text.split()):
        yield "headline", text, title


def _numbers(
    kind: str, text: str, statement: str, rng: random.Random, counts: dict[str, Counter[bool]]
) -> None:
    planted = list(planting.numbers(statement, rng))
    known: list[str] = []
    if planted or guard_quantities.quantities(statement):
        said = guard_numbers.SaidNumber([text])
        known = guard_numbers.wrong_numbers(statement, said) + guard_numbers.wrong_units(statement, said)
    counts[f"{kind}: true, refused for a number"][bool(known)] += 1
    if planted:
        counts[f"{kind}: true and with a number, refused for one"][bool(known)] += 1
    for error, changed in planted if not known else ():
        wrong = guard_numbers.wrong_numbers(changed, said) or guard_numbers.wrong_units(changed, said)
        counts[f"{kind}: planted {error}"][bool(wrong)] += 1
        counts[f"{kind}: planted number, all kinds"][bool(wrong)] += 1


def _foreign_names(
    kind: str,
    text: str,
    statement: str,
    names: Sequence[str],
    counts: dict[str, Counter[bool]],
) -> None:
    cited = words.Sources([text])
    known = set(words.strange_names(statement, cited))
    counts[f"{kind}: true, refused for a name"][bool(known)] += 1
    mine, folded = sorted(_names(statement)), fold(text)
    for at, name in enumerate(names if mine else ()):
        if fold(name) not in folded:
            changed = re.sub(rf"(?<!\w){mine[at % len(mine)]}(?!\w)", name, statement, count=1)
            caught = bool(set(words.strange_names(changed, cited)) - known)
            of = "a place" if stem(fold(name)) in PLACES else "another kind"
            counts[f"{kind}: planted name of {of}"][caught] += 1
            counts[f"{kind}: planted name, all kinds"][caught] += 1


def _negations(
    kind: str, text: str, statement: str, rng: random.Random, counts: dict[str, Counter[bool]]
) -> None:
    cited = _nearest(statement, text)
    refused = negation.negation_changed(statement, cited)
    counts[f"{kind}: true, refused for a negation"][refused] += 1
    for error, changed in planting.negations(statement, rng) if not refused else ():
        counts[f"{kind}: planted {error}"][negation.negation_changed(changed, cited)] += 1


def _nearest(statement: str, text: str) -> list[str]:
    told = set(stems(statement))
    return sorted(sentences.split(text), key=lambda one: -len(told & set(stems(one))))[:3]


def measure(path: Path, limit: int, seed: int = 5) -> None:
    rng = random.Random(seed)
    pairs = [(item["text"], item["abstract"]) for item in read(path) if _is_written(item)]
    rng.shuffle(pairs)
    pairs = pairs[:limit]
    caught: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for at, (text, abstract) in enumerate(pairs):
        known = _problems(abstract, text)
        for kind in ("number", "name", "negation", "unsupported", ""):
            tried[f"true, refused for {kind or 'anything'}"] += 1
            caught[f"true, refused for {kind or 'anything'}"] += any(one.startswith(kind) for one in known)
        for kind, planted in _planted(abstract, text, pairs[at - 1][1], rng):
            tried[f"planted {kind}"] += 1
            caught[f"planted {kind}"] += bool(_problems(planted, text) - known)
    for name in sorted(tried):
        print(f"{name:32} {caught[name]:5} of {tried[name]:5}  {caught[name] / tried[name]:.1%}")


def _problems(summary: str, text: str) -> set[str]:
    """Facts are sought in the whole article, a negation in the three sentences that are nearest to the
    summary.
    """
    cited = _nearest(summary, text)
    found = {one for one in guard.problems(summary, [text]) if one != "negation"}
    return found | {one for one in guard.problems(summary, cited) if one == "negation"}


def _is_written(item: dict[str, Any]) -> bool:
    abstract, text = str(item.get("abstract") or ""), str(item.get("text") or "")
    return (
        6 <= len(abstract.split()) <= 60 and len(text.split()) > 60 and fold(abstract)[:60] not in fold(text)
    )


def _planted(abstract: str, text: str, foreign: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    numbers = list(re.finditer(r"\d+", abstract))
    if numbers:
        one = rng.choice(numbers)
        changed = str(int(one[0]) + rng.choice((1, 2, 3, 7, 10)))
        yield "number", abstract[: one.start()] + changed + abstract[one.end() :]
    folded = fold(text)
    mine = sorted(_names(abstract))
    others = [name for name in rng.sample(NAMES, 40) if fold(name) not in folded]
    if mine and others:
        kind = "name of a place" if stem(fold(others[0])) in PLACES else "name of another kind"
        yield kind, re.sub(rf"(?<!\w){rng.choice(mine)}(?!\w)", others[0], abstract, count=1)
    yield from planting.negations(abstract, rng)
    yield "summary of another article", foreign


def _names(text: str) -> set[str]:
    return {name for name in NAMES if re.search(rf"(?<!\w){name}(?!\w)", text)}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("task", choices=("measure", "facts", "negations"))
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--limit", type=int, default=400)
    options.add_argument("--half", type=int, choices=(0, 1), default=1)
    given = options.parse_args()
    if given.task == "facts":
        facts(given.files, given.half)
    elif given.task == "negations":
        negations(given.files, given.half)
    else:
        measure(given.files[0], given.limit)


if __name__ == "__main__":
    sys.exit(main())
