"""Invented articles' pages, made by code from their parts."""

TITLE = "افتتاح جسر المرفأ الجديد أمام الشاحنات"
LEAD = (
    "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد أمام الشاحنات القادمة من الميناء، بعد عامين من العمل الذي شارك فيه "
    "أكثر من أربعمئة عامل ومهندس، وقالت الهيئة إن الجسر سيخفف الزحام في وسط المدينة."
)
SECOND = (
    "وأوضح مدير المشروع سامر الخطيب أن طول الجسر يبلغ ألفا ومئتي متر، وأن كلفته لم تتجاوز ما رصد له في الموازنة، مشيرا إلى أن "
    "الحركة عليه ستبدأ بالشاحنات وحدها ثم تفتح أمام السيارات الصغيرة في مطلع الشهر المقبل."
)
THIRD = (
    "ورحب تجار السوق القديمة بالافتتاح، وقال بعضهم إن البضائع كانت تصل متأخرة ساعات طويلة، فيما طالب سكان الحي المجاور بحواجز "
    "تقلل الضجيج ليلا، ووعدت البلدية بدراسة الطلب قبل نهاية العام."
)
HEADING = "جسر ينتظره الميناء منذ سنوات"
BODY = [LEAD, SECOND, HEADING, THIRD]
NAVIGATION = "".join(
    f"<li><a href='/s/{n}'>{name}</a></li>"
    for n, name in enumerate(["الرئيسية", "سياسة", "اقتصاد", "رياضة", "ثقافة"])
)
RELATED = "".join(
    f"<li><a href='/n/{n}'>خبر آخر رقم {n} عن ميناء بعيد ورحلاته البحرية</a></li>" for n in range(8)
)


def a_page(
    *,
    title: str = TITLE,
    head: str = "",
    before: str = "",
    after: str = "",
    middle: str = "",
    body: list[str] | None = None,
    tail: str = " - المرفأ",
    lang: str = "ar",
) -> str:
    parts = [f"<h2>{one}</h2>" if one == HEADING else f"<p>{one}</p>" for one in (body or BODY)]
    text = parts[0] + middle + "".join(parts[1:])
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}{tail}</title>"
        f"<meta property='og:site_name' content='المرفأ'><meta property='og:title' content='{title}'>{head}</head><body>"
        f"<header><ul>{NAVIGATION}</ul></header><main><article><h1>{title}</h1>{before}<div class='content'>{text}</div>{after}"
        f"</article><aside><h3>مواضيع ذات صلة</h3><ul>{RELATED}</ul></aside></main>"
        "<footer><p>جميع الحقوق محفوظة © 2022 المرفأ</p></footer></body></html>"
    )
