"""How many planted errors the guard catches, and how many true sentences it refuses.

    python benchmarks/guard.py measure FILE [--limit N]
    python benchmarks/guard.py lexicon FILE... > digest/text/common_words/ar.txt

FILE is JSON lines, plain or gzip: {"text", "abstract"?}. For `measure`, an abstract that people wrote and that is not a copy of the text is a
true summary of it; without one there is nothing to measure. Each error is planted into a true summary alone: a changed number, a name
of another article in the place of a name, a negation put in or left out, a summary of another article.
`lexicon` prints the stems of common words: frequent, in many forms, and not used as names are (after a title, or after «في» without
an article in front of them).
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

from digest.summarize import guard, guard_words
from digest.text import sentences
from digest.text.normalise import fold
from digest.text.tokens import stem, stems, words

TITLES = frozenset(
    fold(
        "الرئيس رئيس رئيسة الوزير وزير وزيرة السيد السيدة الدكتور النائب اللاعب المدرب الممثل الممثلة الفنان الفنانة المطرب المخرج الأمير الملك "
        "القاضي الجنرال العقيد اللواء الشيخ المهندس السفير المهاجم الحارس النجم الأميرة بن ابن الأميركي الأمريكي الروسي الفرنسي البريطاني التركي الإيراني السوري المصري "
        "العراقي السعودي اللبناني الفلسطيني الإسرائيلي الأسترالي الألماني الإسباني الإيطالي الكوري الشمالي الصيني الياباني البرازيلي الأرجنتيني البرتغالي الكرواتي المغربي"
    ).split()
)
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
PLACES = frozenset(fold("في إلى من مدينة محافظة ولاية بلدة منطقة قرية إقليم").split())
ENDINGS = ("ها", "هم", "ات", "وا", "ته", "نا", "ون", "ين", "كم")


def read(path: Path) -> Iterator[dict[str, Any]]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


class Usage:
    """How the words of a corpus are used, counted by stem."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self.with_article: Counter[str] = Counter()
        self.after_title: Counter[str] = Counter()
        self.after_place: Counter[str] = Counter()
        self.endings: dict[str, set[str]] = defaultdict(set)

    def add(self, text: str) -> None:
        previous = ""
        met = set()
        for word in words(text[:3000]):
            if word.isalpha() and len(word) > 1:
                one = stem(word)
                met.add(one)
                self.times[one] += 1
                self.with_article[one] += "ال" in word[:3] or word.startswith(("لل", "ولل"))
                self.after_title[one] += previous in TITLES and not word.startswith("ال")
                self.after_place[one] += previous in PLACES and word == one
                self.endings[one] |= {ending for ending in ENDINGS if word.endswith(ending)}
            previous = word
        self.documents.update(met)

    def is_common(self, one: str) -> bool:
        """Say whether a stem is used as names are not: with and without the article, inflected, or evenly over articles."""
        times, documents = self.times[one], self.documents[one]
        if documents < 3:
            return False
        share, endings = self.with_article[one] / times, len(self.endings[one])
        if self.after_title[one] > 0.25 * times and share < 0.3:
            return False
        if self._is_verb(one):
            return True
        if 0.02 <= share <= 0.985 and documents >= 8:
            return self.after_title[one] < 0.1 * times or endings > 1
        in_a_place = self.after_place[one] > 0.25 * times
        even = documents >= 12 and times < 1.35 * documents and self.after_title[one] < 0.05 * times
        return share < 0.02 and (
            (endings > 1 and not in_a_place)
            or (even and self.after_place[one] < 0.6 * times and times < 1.2 * documents)
            or (even and not in_a_place)
        )

    def _is_verb(self, one: str) -> bool:
        """Say whether other persons of it are met too: «يهزم» beside «تهزم», «قتل» beside «قتلت»."""
        if one[0] in "يتن" and len(one) > 3:
            return sum(self.documents[person + one[1:]] > 1 for person in "يتنا" if person != one[0]) > 0
        if one.endswith(("ت", "وا")) and len(one) > 3:
            return self.documents[one.removesuffix("ت").removesuffix("وا")] > 2
        return self.documents[f"{one}ت"] > 2 and self.with_article[one] < 0.02 * self.times[one]


def lexicon(paths: Sequence[Path]) -> None:
    usage = Usage()
    for path in paths:
        for item in read(path):
            usage.add(str(item.get("text") or ""))
    print("\n".join(sorted(one for one in usage.documents if len(one) > 1 and usage.is_common(one))))


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
    """Facts are sought in the whole article, a negation in the three sentences that are nearest to the summary."""
    told = set(stems(summary))
    cited = sorted(sentences.split(text), key=lambda one: -len(told & set(stems(one))))[:3]
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
        kind = "name of a place" if stem(fold(others[0])) in guard_words.PLACES else "name of another kind"
        yield kind, re.sub(rf"(?<!\w){rng.choice(mine)}(?!\w)", others[0], abstract, count=1)
    if re.search(r"(?<!\w)(?:لا|لم|لن|ليس) ", abstract):
        yield "negation left out", re.sub(r"(?<!\w)(?:لا|لم|لن|ليس) ", "", abstract)
    else:
        yield "negation put in", f"لم {abstract}"
    yield "summary of another article", foreign


def _names(text: str) -> set[str]:
    return {name for name in NAMES if re.search(rf"(?<!\w){name}(?!\w)", text)}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("task", choices=("measure", "lexicon"))
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--limit", type=int, default=400)
    given = options.parse_args()
    if given.task == "lexicon":
        lexicon(given.files)
    else:
        measure(given.files[0], given.limit)


if __name__ == "__main__":
    sys.exit(main())
