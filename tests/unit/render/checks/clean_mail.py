"""A small mail that breaks no rule, and edits that each break one."""

import base64

HTML = """<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>افتتاح جسر المرفأ الجديد</title>
<style>@media (prefers-color-scheme:dark){.paper{background-color:#1c1917 !important}}</style>
</head>
<body dir="rtl" lang="ar" style="direction:rtl;text-align:right;background-color:#ffffff">
<div style="display:none">جسر بطول ١٢٠٠ متر يخفف الزحام عن وسط المدينة، وأخبار أخرى من يوم الإثنين</div>
<div lang="ar" dir="rtl" style="direction:rtl">
<table role="presentation" dir="rtl" width="100%"><tr><td dir="rtl" align="right" style="direction:rtl;text-align:right;color:#1c1917;font-size:16px">
<h1 style="font-size:26px">موجز اليوم</h1>
<h2 style="font-size:20px"><a href="https://marfa.example/bridge" style="color:#9a3412">افتتاح جسر المرفأ</a></h2>
<p style="text-align:right">افتتحت هيئة الطرق الجسر صباح اليوم، ونشرت <span dir="ltr">BBC</span> الخبر.</p>
<img src="https://marfa.example/bridge.jpg" alt="الجسر عند الفجر" width="560">
<p style="text-align:right"><a href="https://news.example/l/daily/unsubscribe/abc" style="color:#9a3412">إلغاء الاشتراك</a></p>
</td></tr></table>
</div>
</body>
</html>
"""
TEXT = """موجز اليوم

افتتاح جسر المرفأ
افتتحت هيئة الطرق الجسر صباح اليوم.
https://marfa.example/bridge

إلغاء الاشتراك:
https://news.example/l/daily/unsubscribe/abc
"""


def encoded(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


HEADERS = {
    "Date": "Mon, 05 Jan 2026 04:00:00 +0000",
    "From": f"{encoded('موجز')} <digest@mujaz.example>",
    "To": "amal@mujaz.example",
    "Subject": f"{encoded('افتتاح جسر ')}\r\n {encoded('المرفأ الجديد')}",
    "Message-ID": "<1.a@mujaz.example>",
    "MIME-Version": "1.0",
    "List-Id": f"{encoded('موجز اليوم')} <daily.list.mujaz.example>",
    "List-Unsubscribe": "<https://news.example/l/daily/unsubscribe/abc>, <mailto:digest@mujaz.example>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}


def mail(html: str = HTML, text: str | None = TEXT, transfer: str = "base64", **headers: str | None) -> bytes:
    """Return a mail; headers are replaced by name (List_Id for List-Id), or left out with None."""
    chosen: dict[str, str | None] = dict(HEADERS)
    chosen |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in chosen.items() if value is not None]
    parts = [("plain", text), ("html", html)]
    lines += ['Content-Type: multipart/alternative; boundary="b"', ""]
    for kind, content in parts:
        if content is not None:
            lines += [
                "--b",
                f"Content-Type: text/{kind}; charset=utf-8",
                f"Content-Transfer-Encoding: {transfer}",
                "",
            ]
            lines.append(base64.encodebytes(content.encode()).decode() if transfer == "base64" else content)
    return "\r\n".join([*lines, "--b--", ""]).encode()


def changed(before: str, after: str) -> bytes:
    """Return the mail with one change to its HTML."""
    assert before in HTML, before
    return mail(HTML.replace(before, after))
