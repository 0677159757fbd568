"""What a reader may choose of a list, and what is refused."""

import pytest

from digest.errors import ChoiceError
from digest.model import Frequency
from digest.model.people.choice import days_of, mask_of
from digest.services.audience import lists
from digest.services.audience.choices.rules import Changes, Preferences, checked, digits_of, has_hijri
from tests.builders import a_list, a_subscription

KEYS = [spec.key for spec in lists.specs(a_list())]


NOTHING = Preferences()


def chosen(before: Preferences = NOTHING, /, of: dict | None = None, **changes) -> Preferences:
    mailing_list = a_list(**(of or {}))
    return checked(mailing_list, lists.specs(mailing_list), before, Changes(**changes))


def test_who_changes_nothing_keeps_all():
    before = chosen(order=["sport"], never=["misc"], hour=5, muted_words=["كرة القدم"], days=[0, 2])
    assert chosen(before) == before


def test_what_is_kept_comes_back_from_the_columns():
    made = chosen(
        sections=["sport", "economy"],
        order=["sport"],
        frequency=Frequency.WEEKLY,
        weekly_day=3,
        days=[5, 6],
        hour=0,
        timezone="Africa/Cairo",
        digits="latn",
        hijri=False,
        headlines_only=True,
        muted_outlets=["المرفأ"],
    )
    assert Preferences.of(a_subscription(1, 1, **made.columns())) == made


def test_sections_stand_in_the_order_that_was_chosen_and_the_rest_in_the_lists():
    assert chosen(order=["sport", "world", "sport", "nothing"]).order == ("sport", "world")
    assert chosen(order=KEYS).order == ()
    assert chosen(sections=KEYS).sections is None


@pytest.mark.parametrize(
    ("about", "changes"),
    [
        ("sections", {"sections": []}),
        ("sections", {"sections": ["sport"], "never": ["sport"]}),
        ("sections", {"never": KEYS}),
        ("zone", {"timezone": "Mars/Olympus"}),
        ("zone", {"timezone": "../etc/passwd"}),
        ("zone", {"timezone": "Asia"}),
        ("zone", {"timezone": "\x00"}),
        ("zone", {"timezone": "A" * 1_000_000}),
        ("hour", {"hour": 24}),
        ("days", {"days": []}),
        ("days", {"weekly_day": 7}),
        ("digits", {"digits": "roman"}),
        ("digits", {"digits": "arabext"}),
        ("muted", {"muted_words": [f"كلمة{n}" for n in range(21)]}),
        ("muted", {"muted_outlets": ["!!"]}),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_it_is_about(about: str, changes: dict):
    with pytest.raises(ChoiceError) as caught:
        chosen(**changes)
    assert caught.value.about == about


def test_a_list_that_comes_out_once_a_week_has_no_other_rhythm():
    with pytest.raises(ChoiceError, match="weekly"):
        chosen(of={"layout": "weekly"}, frequency=Frequency.WEEKLY)


def test_days_on_which_a_list_does_not_go_out_are_no_choice():
    with pytest.raises(ChoiceError):
        chosen(of={"weekdays": [6, 0, 1]}, days=[4])
    assert chosen(of={"weekdays": [6, 0, 1]}, days=[6, 0, 1]).days == tuple(range(7))


def test_the_lists_own_zone_and_digits_are_no_choice_of_ones_own():
    made = chosen(timezone=" Asia/Riyadh ", digits="arab")
    assert (made.timezone, made.digits) == ("", "")


def test_spellings_of_one_word_are_muted_once():
    made = chosen(muted_words=["الكرة", "كُرة", " كرة ", "أسعار"])
    assert made.muted_words == ("الكرة", "أسعار")


def test_only_what_a_language_can_show_is_offered():
    assert {language: digits_of(language) for language in ("ar", "fa", "ur", "he", "en")} == {
        "ar": ("arab", "latn"),
        "fa": ("arabext", "latn"),
        "ur": ("arabext", "latn"),
        "he": (),
        "en": (),
    }
    assert [has_hijri(language) for language in ("ar", "fa")] == [True, False]


def test_days_are_bits_from_monday_on():
    assert [days_of(mask_of(days)) for days in ((0,), (6,), (1, 3, 5))] == [(0,), (6,), (1, 3, 5)]
