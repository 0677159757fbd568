"""How an edition spells what others wrote."""

import pytest

from digest.render.presenters.typesetting.typography import Typesetter

ARABIC = Typesetter("ar", "arab", "default")


def spelled(text: str) -> str:
    return ARABIC.plain(text)


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ('الليرة تنخفض و"عجز" أكبر', "الليرة تنخفض و«عجز» أكبر"),
        ('اتهام المصرف بـ"النفاق"', "اتهام المصرف بـ«النفاق»"),
        ('وصفه ب"الخطير"', "وصفه بـ«الخطير»"),
        ('قال ل"المرفأ" أمس', "قال لـ«المرفأ» أمس"),
        ('عرض ك"هدية" للمدينة', "عرض كـ«هدية» للمدينة"),
        ('ف"الاتفاق" باق', "فـ«الاتفاق» باق"),
        ('رئيس ال"فيفا" يزور', "رئيس الـ«فيفا» يزور"),
        ('وبـ"الإجماع" أقر', "وبـ«الإجماع» أقر"),
        ('للـ"مرة" الأولى', "للـ«مرة» الأولى"),
        ("وصفها ب“الخطيرة”", "وصفها بـ«الخطيرة»"),
        ("قال ”نعم“ ومضى", "قال «نعم» ومضى"),
        ('قال "إن «نعم» كلمة" ومضى', "قال «إن «نعم» كلمة» ومضى"),
        ('قال " نعم " ومضى', "قال «نعم» ومضى"),
        ('"نعم."', "«نعم.»"),
        ('قال "نعم" و"لا" و"ربما"', "قال «نعم» و«لا» و«ربما»"),
        ('شاشة 55" وأخرى 60" معروضتان', 'شاشة ٥٥" وأخرى ٦٠" معروضتان'),
    ],
)
def test_quotation_marks_are_set_right_behind_joined_letters_too(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("شاب في ال27 من عمره", "شاب في الـ٢٧ من عمره"),
        ("في ال 71 من عمره", "في الـ٧١ من عمره"),
        ("مجموعة الـ20 تجتمع", "مجموعة الـ٢٠ تجتمع"),
        ("فاز ب3 جوائز", "فاز بـ٣ جوائز"),
        ("وصل بـ500 طن", "وصل بـ٥٠٠ طن"),
        ("بال3 مرات", "بالـ٣ مرات"),
        ("قال 3 وزراء", "قال ٣ وزراء"),
        ("أعلن ال30 دولة", "أعلن الـ٣٠ دولة"),
    ],
)
def test_a_prefix_before_digits_is_carried_by_a_tatweel(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("قال #البنك_المركزي اليوم", "قال البنك المركزي اليوم"),
        ("في #مرسى_النور و#غزة", "في مرسى النور وغزة"),
        ("أعلن ب#الساحل أمس", "أعلن بالساحل أمس"),
        ("تعلم لغة C# من الصفر", "تعلم لغة C# من الصفر"),
        ("وسم #OpenData الأول", "وسم #OpenData الأول"),
    ],
)
def test_hashtags_are_opened(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("فاز النوارس 2-1 أمس", "فاز النوارس ٢–١ أمس"),
        ("فاز النوارس 2 - 1 أمس", "فاز النوارس ٢–١ أمس"),
        ("فاز النوارس ٢ – ١ أمس", "فاز النوارس ٢–١ أمس"),
        ("تعادل الفريقان (3/3)", "تعادل الفريقان (٣–٣)"),
        ("فاز بنتيجة 2/1 على ضيفه", "فاز بنتيجة ٢–١ على ضيفه"),
        ("خسر بنتيجة 0:4 على أرضه", "خسر بنتيجة ٠–٤ على أرضه"),
        ("مهلة 5-7 أيام", "مهلة ٥-٧ أيام"),
        ("فاز في موسم 17-18 باللقب", "فاز في موسم ١٧-١٨ باللقب"),
        ("فاز الفريق عند الساعة 10:30 مساء", "فاز الفريق عند الساعة ١٠:٣٠ مساء"),
        ("تقدم بخطة 4-3-3 في الشوط", "تقدم بخطة ٤-٣-٣ في الشوط"),
        ("بتاريخ 2024-05-17 فاز الفريق", "بتاريخ ٢٠٢٤-٠٥-١٧ فاز الفريق"),
    ],
)
def test_a_score_has_one_form_and_nothing_else_becomes_one(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("انتهى الاجتماع .", "انتهى الاجتماع."),
        ("قال الوزير : نعم ، ثم مضى", "قال الوزير: نعم، ثم مضى"),
        ("هل يعود ؟", "هل يعود؟"),
        ("قال،ثم مضى", "قال، ثم مضى"),
        ("« نعم » قال", "«نعم» قال"),
        ("منصة .NET تتوسع", "منصة .NET تتوسع"),
    ],
)
def test_no_blank_stands_before_a_stop(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("ارتفع إلى ١,٨ مليار", "ارتفع إلى ١٫٨ مليار"),
        ("ارتفع إلى 4,75 في المئة", "ارتفع إلى ٤٫٧٥ في المئة"),
        ("ارتفع إلى ١،٨ مليون", "ارتفع إلى ١٫٨ مليون"),
        ("ارتفع إلى 1,250 ريالا", "ارتفع إلى ١٬٢٥٠ ريالا"),
        ("ارتفع إلى 1.8 مليار", "ارتفع إلى ١٫٨ مليار"),
        ("الأرقام 1,2,3 فائزة", "الأرقام ١,٢,٣ فائزة"),
    ],
)
def test_there_is_one_decimal_mark(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("months", "printed"),
    [("default", "في ١٤ مايو الجاري"), ("levant", "في ١٤ أيار الجاري"), ("maghreb", "في ١٤ ماي الجاري")],
)
@pytest.mark.parametrize(
    "raw", ["في 14 أيار/مايو الجاري", "في 14 أيار / مايو الجاري", "في 14 مايو (أيار) الجاري"]
)
def test_of_a_double_month_the_list_s_own_name_is_told(raw: str, months: str, printed: str):
    assert Typesetter("ar", "arab", months).plain(raw) == printed


def test_two_months_are_two_months():
    assert spelled("بين مايو/يونيو المقبلين") == "بين مايو/يونيو المقبلين"


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("فرزت 10محافظات من 13", "فرزت ١٠ محافظات من ١٣"),
        ("بلغ 1290.91دولار", "بلغ ١٢٩٠٫٩١ دولار"),
        ("في2017 وعام2018", "في ٢٠١٧ وعام ٢٠١٨"),
        ("طائرة ميغ29 وبث 5G وطول 10م", "طائرة ميغ٢٩ وبث 5G وطول ١٠م"),
        ("ارتفع إلى 5ر3 بالمئة", "ارتفع إلى ٥٫٣ بالمئة"),
        ('قالت صحيفة"المرفأ" أمس', "قالت صحيفة «المرفأ» أمس"),
        ('النادي "الأول"يخسر', "النادي «الأول» يخسر"),
        ('وصفه بـ "الهادئ"', "وصفه بـ«الهادئ»"),
        ("قال لـ CNN إنه عاد", "قال لـCNN إنه عاد"),
        ("الجبل و النهر و لا شيء", "الجبل والنهر ولا شيء"),
        ("قالت الإدارة ،الاثنين، إنها", "قالت الإدارة، الاثنين، إنها"),
        ("بلد..الخبر", "بلد.. الخبر"),
        ('غرد قائلا:" عدنا اليوم".', "غرد قائلا: «عدنا اليوم»."),
        ('فيلم " النهر " و" الجبل " معا', "فيلم «النهر» و«الجبل» معا"),
        ('لوح طوله 12" وعرضه 7" و"رف" و"باب"', 'لوح طوله ١٢" وعرضه ٧" و«رف» و«باب»'),
    ],
)
def test_blanks_stand_where_arabic_has_them(raw: str, printed: str):
    assert spelled(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("فاز 3 - صفر على ضيفه", "فاز ٣–صفر على ضيفه"),
        ("خسر صفر- 2 أمام ضيفه", "خسر صفر–٢ أمام ضيفه"),
        ("من صفر إلى 2", "من صفر إلى ٢"),
    ],
)
def test_a_score_with_nil_in_letters_has_the_same_form(raw: str, printed: str):
    assert spelled(raw) == printed


def test_without_a_list_hashtags_scores_and_months_stay_as_they_were_written():
    bare = Typesetter("ar", "arab")
    assert bare.plain("فاز 2-1 في #النخيل في أيار/مايو") == "فاز ٢-١ في #النخيل في أيار/مايو"


def test_english_and_hebrew_are_left_their_own_spelling():
    assert Typesetter("en", "latn", "default").plain('He said "yes" ,then 2-1') == "He said “yes” ,then 2-1"
    assert Typesetter("he", "latn", "default").plain('צה"ל ניצח 2-1') == 'צה"ל ניצח 2-1'


def test_a_line_of_four_thousand_marks_takes_no_time():
    for sign in ('"', "«", "ال", "1-", "#ا", " .", 'ب"', "1,"):
        assert spelled(sign * 4_000)
