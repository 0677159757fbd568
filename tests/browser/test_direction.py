"""What a line of Arabic with foreign names, numbers and signs looks like: glyphs are measured, not markup."""

import pytest

from digest.render.presenters.typesetting.typography import Typesetter

MEASURE = """
() => [...document.querySelectorAll('p')].map(line => {
  const glyphs = [];
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const mirrored = getComputedStyle(node.parentElement).direction === 'rtl';
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const [box] = range.getClientRects();
      if (!box || box.width < 0.01) continue;
      glyphs.push([box.left, node.data[at], mirrored]);
    }
  }
  return glyphs.sort((one, other) => one[0] - other[0]).map(([, sign, mirrored]) => [sign, mirrored]);
})
"""
MIRRORED = str.maketrans("()[]<>«»", ")(][><»«")

# The line, and what must be seen in it from left to right: with ٣, and with 3 where that differs.
LINES = [
    ("تعلّم لغة C# من الصفر", "C#", ""),
    ("دورة في C++ وJava للمبتدئين", "C++", ""),
    ("منصة .NET تتوسع", ".NET", ""),
    ("نطاق .ps يعود", ".ps", ""),
    ("استحوذت Widget Inc. على منافستها", "Widget Inc.", ""),
    ("وقّعت Harbour Co. عقدا", "Harbour Co.", ""),
    ("مسلسل Oops! يعود", "Oops!", ""),
    ("سهم $HRBR يرتفع", "$HRBR", ""),
    ("رمز @amal_news في الشبكة", "@amal_news", ""),
    ("وسم #OpenData الأول", "#OpenData", ""),
    ("اتصل على +966 11 234 5678 الآن", "+٩٦٦ ١١ ٢٣٤ ٥٦٧٨", "+966 11 234 5678"),
    ("رقم (02) 234-5678 للاستعلام", "(٠٢) ٢٣٤-٥٦٧٨", "(02) 234-5678"),
    ("مهلة 5-7 أيام", "٧-٥", "7-5"),
    ("مهلة 5–7 أيام", "٧–٥", "7–5"),
    ("٥-٧ أيام مهلة", "٧-٥", "7-5"),
    ("2010-2015 سنوات الخطة", "٢٠١٥-٢٠١٠", "2015-2010"),
    ("فاز الفريق 2-1 أمس", "١-٢", "1-2"),
    ("تعادل (3-3) أمس", "(٣-٣)", "(3-3)"),
    ("صدرت Python 3.11.7 اليوم", "Python 3.11.7", ""),
    ("النسخة 3.11.7 متاحة", "٣.١١.٧", "3.11.7"),
    ("حرارة -5° ليلا", "°٥-", "-5°"),
    ("نسبة 50% من السكان", "٪٥٠", "50%"),
    ("25% من السكان", "٪٢٥", "25%"),
    ("للكبار 18+ فقط", "+١٨", "18+"),
    ("سجّلت 25°C أمس", "25°C", ""),
    ("رابط https://mujaz.example/a?b=1&c=2#d هنا", "https://mujaz.example/a?b=1&c=2#d", ""),
    ("راسل amal+news@mujaz.example اليوم", "amal+news@mujaz.example", ""),
    ("موعد 10:30 مساء", "١٠:٣٠", "10:30"),
    ("توقيت GMT+3 المحلي", "GMT+3", ""),
    ("اختبار A/B ناجح", "A/B", ""),
    ("أميركا (USA) توقّع", "(USA)", ""),
    ("اتفاق (U.N.) الجديد", "(U.N.)", ""),
    ("بتاريخ 2024/05/17 صدر", "٢٠٢٤/٠٥/١٧", "2024/05/17"),
    ("بتاريخ 2024-05-17 صدر", "٢٠٢٤-٠٥-١٧", "2024-05-17"),
    ("17.05.2024 موعد الحفل", "١٧.٠٥.٢٠٢٤", "17.05.2024"),
    ("هاتف Dunes 12 Max (512GB) يصل", "Dunes 12 Max (512GB)", ""),
    ("خدمة Oasis+ تنطلق", "Oasis+", ""),
    ("علامة Oasis® المسجلة", "Oasis®", ""),
    ("انبعاثات CO₂ تتراجع", "CO₂", ""),
    ("تصنيف BBB- للسندات", "BBB-", ""),
    ("ربع 1/4 الميزانية", "١/٤", "1/4"),
    ("مجموع 2+3=5 صحيح", "٢+٣=٥", "2+3=5"),
    ("طائرة F-16 تهبط", "F-16", ""),
    ("باعت Dunes 20 مليارا", "٢٠ Dunes", "20 Dunes"),
    ("قالت Dunes. Harbour ردت", "Harbour .Dunes", ""),
    ("ميزانية US$50 مليون", "US$50", ""),
    ("ألف ١٬٢٥٠٫٥ طن", "١٬٢٥٠٫٥", "1,250.5"),
]


@pytest.mark.browser
@pytest.mark.parametrize("digits", ["arab", "latn"])
def test_signs_numbers_and_foreign_names_are_seen_in_their_order(viewer, digits):
    setter = Typesetter("ar", digits)
    body = "".join(f"<p>{setter.phrase(line).html}</p>" for line, _, _ in LINES)
    style = "p { font: 20px 'Noto Sans Arabic', 'Noto Sans', sans-serif; white-space: nowrap; }"
    page = viewer.open(
        f'<!DOCTYPE html><html><body dir="rtl"><style>{style}</style>{body}</body></html>', width=900
    ).page

    seen = [
        "".join(sign.translate(MIRRORED) if mirrored else sign for sign, mirrored in line)
        for line in page.evaluate(MEASURE)
    ]

    wrong = [
        f"{line}: {wanted} is not in {drawn}"
        for (line, arab, latn), drawn in zip(LINES, seen, strict=True)
        if (wanted := (latn or arab) if digits == "latn" else arab) not in drawn
    ]
    assert not wrong, "\n".join(wrong)
