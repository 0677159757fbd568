"""axe-core 4.10.3 (axe.min.js, MPL 2.0) on a page that is open, and a page that it must find fault with."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
CANARY = """<html lang="ar" dir="rtl"><head><title>اختبار</title></head><body><main><h1>اختبار</h1>
<p style="color:#ccc;background:#fff">نص باهت لا يقرؤه أحد</p><img src="data:,"><input id="x"></main></body></html>"""
IN_LATIN = """async () => {
    // axe 4.10 measures no contrast of Arabic letters: for that rule, every letter is an x for a moment.
    const kept = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) kept.push([node, node.data]);
    for (const [node, text] of kept) node.data = text.replace(/[\\p{L}\\p{M}]/gu, 'x');
    const pale = await axe.run(document, {runOnly: ['color-contrast']});
    for (const [node, text] of kept) node.data = text;
    const rest = await axe.run(document);
    return [...pale.violations, ...rest.violations];
}"""


def axe(page: Page) -> list[str]:
    """What axe finds wrong on a page, by rule and place."""
    page.evaluate(AXE)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in page.evaluate(IN_LATIN)]
