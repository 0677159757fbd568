"""Make the guard's lists of common words and of names from corpora of news.

    python benchmarks/make_guard_words.py FOLDER [--out DIRECTORY]

FOLDER holds the corpora as gzipped JSON lines with "id" and "text" (docs/why/summaries.md names them). Only the half of the articles
whose id has an even CRC-32 is read, so that `benchmarks/guard.py` can measure on the other one. Written are `common_words/ar.txt` and
`names/people.txt` under `digest/text`, or under DIRECTORY; the other lists of that folder are written by hand.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

from digest.text.words.normalise import fold
from digest.text.words.tokens import STOP_WORDS, stem, words

SHIPPED = Path(__file__).parents[1] / "digest" / "text"
READ = 2_500
"""So many letters of an article are read."""

# Who stands behind these is named, nearly always.
TITLES = frozenset(
    fold(
        "الرئيس رئيس رئيسة الوزير وزير وزيرة السيد السيدة الدكتور النائب اللاعب المدرب الممثل الممثلة الفنان الفنانة المطرب المخرج الأمير الملك "
        "القاضي الجنرال العقيد اللواء الشيخ المهندس السفير المهاجم الحارس النجم الأميرة بن ابن الأميركي الأمريكي الروسي الفرنسي البريطاني التركي الإيراني السوري المصري "
        "العراقي السعودي اللبناني الفلسطيني الإسرائيلي الأسترالي الألماني الإسباني الإيطالي الكوري الشمالي الصيني الياباني البرازيلي الأرجنتيني البرتغالي الكرواتي المغربي"
    ).split()
)
STOP = STOP_WORDS["ar"]
ARTICLES = ("ال", "وال", "بال", "لل", "كال", "فال", "ولل")
ENDINGS = ("ها", "هم", "نا", "ته", "وا", "ات", "ين", "ون", "تها", "ه", "يه", "ان", "ا", "كم", "ت")
PREFIXED = ("لل", "وال", "فال", "ول", "بال")
POSSESSED = ("ها", "هم", "وا", "نا")
# A stem of fewer articles is a slip or a name.
FEWEST = 4


class Usage:
    """How often every word is met, in how many articles, and how often behind a title or a given name."""

    def __init__(self, articles: Iterable[str]) -> None:
        self.times: Counter[str] = Counter()
        self.documents: Counter[str] = Counter()
        self.titled: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text in articles:
            self._read(text, pairs)
        self.led = Counter(self.titled)
        given = {word for word in self.times if self._is_given_name(word)}
        for (first, second), count in pairs.items():
            if count > 2 and first in given:
                self.led[second] += count

    def _read(self, text: str, pairs: Counter[tuple[str, str]]) -> None:
        before, met = "", set()
        for word in words(text[:READ]):
            if word.isalpha() and len(word) > 1:
                self.times[word] += 1
                met.add(word)
                self.titled[word] += before in TITLES
                if before:
                    pairs[before, word] += 1
            before = word
        self.documents.update(met)

    def _is_given_name(self, word: str) -> bool:
        times = self.times[word]
        return (
            times >= 5
            and not word.startswith("ال")
            and self.titled[word] >= 0.25 * times
            and self._with_article(word) < 0.3 * times
        )

    def _with_article(self, word: str) -> int:
        return sum(self.times[article + word] for article in ARTICLES)

    def _inflected(self, word: str) -> int:
        return sum(self.times[word + ending] for ending in ENDINGS)

    def names(self) -> set[str]:
        """Return the words that are used as names are: hardly inflected, and repeated or led in by a title or a given name."""
        return {word for word in self.times if self._is_name(word) and self._is_whole(word)}

    def _is_name(self, word: str) -> bool:
        times = self.times[word]
        if len(word) < 3 or word in STOP:
            return False
        if times >= 8 and (
            self._is_articled_name(word)
            if word.startswith("ال") and len(word) > 4
            else self._is_bare_name(word)
        ):
            return True
        return (
            times >= 5
            and self.led[word] >= 0.35 * times
            and self._with_article(word) < 0.06 * times
            and self._inflected(word) <= 0.1 * times
        )

    def _is_articled_name(self, word: str) -> bool:
        times = self.times[word]
        bare = self.times[word[2:]] + self.times[f"ل{word[2:]}"]
        inflected = sum(self.times[word + ending] for ending in ("ه", "ين", "ون", "ات"))
        if word.endswith("ي"):
            inflected += self.times[word[:-1]]
        is_fixed = bare <= 0.05 * times and inflected <= 0.05 * times
        return is_fixed and (self.led[word] >= 0.15 * times or self._repeated(word) >= 1.7)

    def _is_bare_name(self, word: str) -> bool:
        times = self.times[word]
        if word[0] in "وفبلك" and self.times[word[1:]] > 2 * times:
            return False
        persons = sum(self.times[person + word] for person in "يتنم")
        if word[0] in "يتنا":
            persons += sum(self.times[person + word[1:]] for person in "يتنا" if person != word[0])
        most = 0.06 * times
        return (
            self._with_article(word) <= most
            and self._inflected(word) <= most
            and persons <= most
            and (self._repeated(word) >= 1.45 or self.led[word] >= 0.3 * times)
            and not (word.endswith("ا") and self.times[word[:-1]] > 0.2 * times)
        )

    def _repeated(self, word: str) -> float:
        return self.times[word] / self.documents[word]

    def _is_whole(self, word: str) -> bool:
        """Say whether a word is Arabic and no other word with a letter before or a pronoun behind it."""
        return (
            not word.isascii()
            and not word.startswith(PREFIXED)
            and not word.endswith(POSSESSED)
            and not (word[0] == "و" and self.times[word[1:]])
            and not (word.startswith("ال") and word.endswith(("ين", "ات", "ون")))
            and word != "مليون"
        )

    def common(self, names: set[str]) -> set[str]:
        """Return the stems met in four articles or more that are not mostly names."""
        met: Counter[str] = Counter()
        named: Counter[str] = Counter()
        for word, count in self.documents.items():
            if not word.isascii():
                met[stem(word)] += count
            if word in names:
                named[stem(word)] += count
        return {
            one for one, count in met.items() if count >= FEWEST and len(one) > 1 and named[one] < 0.5 * count
        }


def read(folder: Path) -> Iterator[str]:
    """Yield the texts of the first half of the corpora in a folder."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                if crc32(str(item["id"]).encode()) % 2 == 0:
                    yield str(item["text"])


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--out", type=Path, default=SHIPPED)
    given = options.parse_args()
    if not list(given.folder.glob("*.jsonl.gz")):
        sys.stderr.write(
            f"There are no corpora (*.jsonl.gz) in {given.folder}; give the folder that holds them.\n"
        )
        return 2
    usage = Usage(read(given.folder))
    names = usage.names()
    for name, found in (("names/people", names), ("common_words/ar", usage.common(names))):
        file = given.out / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")
        sys.stdout.write(f"{file}: {len(found)} words\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
