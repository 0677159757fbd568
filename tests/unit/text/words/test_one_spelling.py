"""Names, hashtags and stops in a mail's texts."""

from collections.abc import Sequence

from digest.text.words.hashtags import without_hashtags
from digest.text.words.sentences import split
from digest.text.words.spelling import respelled, spellings
from digest.text.words.stops import with_stop


def one_spelling(texts: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    changes = spellings(texts)
    return tuple(respelled(text, changes) for text in texts), changes


def test_a_name_has_its_most_frequent_spelling_everywhere():
    texts, changes = one_spelling(
        ["بوتين في أمريكا", "قال بوتن للأميركيين", "وبوتين يلتقي الأميركي", "تشيلسي يفوز وتشلسي وتشلسي"]
    )
    assert texts[1] == "قال بوتين للأميركيين"
    assert texts[0] == "بوتين في أميركا"
    assert texts[3].startswith("تشلسي")
    assert changes["بوتن"] == "بوتين"


def test_other_peoples_names_and_common_words_stay():
    texts = ("حسن وحسين", "سالم وسليم", "كتاب وكاتب", "لافروف")
    assert one_spelling(texts) == (texts, {})


def test_a_long_foreign_name_is_known_by_its_consonants():
    texts, _ = one_spelling(["محاكمة وينستاين", "دفاع وينستاين", "اتهام واينستين"])
    assert texts[2] == "اتهام وينستاين"


def test_hashtags_are_words_in_the_text_and_gone_behind_it():
    assert without_hashtags("قال #البنك_المركزي اليوم") == "قال البنك المركزي اليوم"
    assert without_hashtags("انتهى الاجتماع. #عاجل #الجبل") == "انتهى الاجتماع."
    assert without_hashtags("وصل إلى #الجبل #عاجل #خبر") == "وصل إلى الجبل"
    assert without_hashtags("#عاجل #الجبل") == ""
    assert without_hashtags("المادة #1 في https://a.example/b#c") == "المادة #1 في https://a.example/b#c"


def test_a_sentence_gets_the_stop_it_lacks_and_no_second():
    assert with_stop("فتح الجسر") == "فتح الجسر."
    assert with_stop("فتح الجسر،") == "فتح الجسر."
    assert with_stop("فتح الجسر.") == "فتح الجسر."
    assert with_stop("قال: «فتح الجسر.»") == "قال: «فتح الجسر.»"
    assert with_stop("پل کھل گیا", "ur") == "پل کھل گیا۔"


def test_a_stop_within_a_name_or_an_address_ends_nothing():
    for text in (
        "قال بنك دي.زد الساحلي إنه يغلق فروعه.",
        "قال جي. بي. ساندرز إن السوق هادئ.",
        "نشر موقع بيت.كوم القائمة.",
        "قال د. رامي الحجري إن الماء نظيف.",
    ):
        assert split(text) == [text]
    assert split("ذهب معه.وقد عاد اليوم.") == ["ذهب معه.", "وقد عاد اليوم."]
