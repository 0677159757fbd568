"""What the shipped model, and any other, makes of an article."""

from pathlib import Path

import numpy as np
import pytest

import digest.collect.clean
from digest.collect.clean.local_words import evidence
from digest.collect.clean.section_model import SectionModel, features, load, save
from digest.collect.clean.sections import classify
from digest.model.news.sections import SECTION_KEYS
from digest.text.words.subjects import opens_with_place
from digest.text.words.tokens import words

SHIPPED = Path(digest.collect.clean.__file__).with_name("sections_model.npz")


def test_a_model_is_read_as_it_was_written(tmp_path: Path):
    model = SectionModel(
        keys=("a", "b"),
        weights=np.array([[1, -1]] * 8, np.int8),
        scale=np.array([1.0, 0.5], np.float32),
        bias=np.array([0.0, 0.25], np.float32),
        rarity=np.ones(8, np.float32),
        signs=np.zeros((6, 2), np.float32),
        slope=0.5,
        temperature=0.5,
        floor=0.25,
    )
    save(model, tmp_path / "model.npz")
    back = load(tmp_path / "model.npz")
    assert (back.keys, back.temperature, back.floor) == (model.keys, 0.5, 0.25)
    assert back.scores("كلمة", "نص").tolist() == model.scores("كلمة", "نص").tolist()


def test_features_are_of_length_one():
    places, values = features(["كلمه", "كلمه"], ["نص"], np.ones(4096, np.float32))
    assert len(places) == len(values) == 4
    assert float((values * values).sum()) == pytest.approx(1.0)
    assert features([], [], np.ones(64, np.float32))[0].tolist() == []


def local_model(*, slope: float, others: tuple[float, float]) -> SectionModel:
    return SectionModel(
        keys=("politics", "economy", "local"),
        weights=np.zeros((8, 3), np.int8),
        scale=np.ones(3, np.float32),
        bias=np.array([*others, 0.4], np.float32),
        rarity=np.ones(8, np.float32),
        signs=np.zeros((6, 3), np.float32),
        slope=slope,
        temperature=1.0,
        floor=0.25,
    )


def test_local_news_is_taken_from_politics_sooner_than_from_another_section():
    assert local_model(slope=0.5, others=(1.0, 0.0)).best("خبر", "نص")[0] == "local"
    assert local_model(slope=0.5, others=(0.0, 1.0)).best("خبر", "نص")[0] == "economy"
    assert local_model(slope=0.3, others=(0.0, 1.0)).best("خبر", "نص")[0] == "local"


def test_a_section_that_barely_leads_politics_gives_way_to_local_news():
    assert local_model(slope=0.5, others=(0.0, 0.7)).best("خبر", "نص")[0] == "local"


@pytest.mark.parametrize(
    ("title", "opens"),
    [
        ("ليبيا: مقتل جنديين في هجوم", True),
        ("كوريا الشمالية.. تجربة جديدة", True),
        ("فرنسا.. إضراب القطارات", True),
        ("فرنسا تفوز بالكأس", False),
        ("الوزير: الأسعار لن ترتفع", False),
        ("", False),
        (": " * 2000, False),
    ],
)
def test_a_title_that_opens_with_a_place_is_known(title: str, opens: bool):
    assert opens_with_place(title) is opens


def test_a_title_that_opens_with_a_place_speaks_for_politics_and_against_local_news():
    model = load(SHIPPED)
    text = "نشب حريق في مستودع، وأخمدت فرق الإطفاء الحريق ونقلت سيارة إسعاف مصابا إلى المستشفى."
    at_home, abroad = (model.scores(title, text) for title in ("حريق في مستودع", "الرباط: حريق في مستودع"))
    assert abroad[SECTION_KEYS.index("local")] < at_home[SECTION_KEYS.index("local")] - 1
    assert abroad[SECTION_KEYS.index("politics")] > at_home[SECTION_KEYS.index("politics")] + 1


def test_local_words_are_known_behind_the_article_and_by_two():
    sure, _, against, abroad, title = evidence(
        words("بلدية المدينة تعيد فتح الحديقة"), words("وقال الدفاع المدني إن الصرف الصحي يعمل")
    )
    assert sure > 0
    assert title == 1
    assert (against, abroad) == (0, 0)
    assert evidence(words("واشنطن"), [])[3] > 0


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("بلدية الساحل تبدأ رصف الطريق الدائري", "بدأت البلدية رصف الطريق الدائري وصيانة أعمدة الإنارة وشبكة الصرف الصحي في أحياء المدينة."),
        ("حريق في مستودع والدفاع المدني يخمده", "نشب حريق في مستودع بحي السلام بسبب ماس كهربائي، وأخمدت فرق الإطفاء في الدفاع المدني الحريق ونقلت سيارة إسعاف مصابا إلى المستشفى العام."),
        ("النيابة العامة تأمر بحبس سائق دهس طفلا", "أمرت النيابة العامة بحبس سائق شاحنة بعد حادث دهس في شارع الميناء، وقال مركز الشرطة إن المحكمة الابتدائية تنظر القضية."),
    ],
)  # fmt: skip
def test_news_of_a_town_is_local(title: str, text: str):
    assert classify(title, text)[0] == "local"


def test_the_shipped_model_is_small_and_knows_the_keys():
    assert SHIPPED.stat().st_size < 5_000_000
    assert load(SHIPPED).keys == SECTION_KEYS
