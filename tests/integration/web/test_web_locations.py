"""Where a page leads to is a path: what a stranger writes into Host comes back in no address."""

import pytest

from tests.integration.web.conftest import SITE, Reader

TOKEN = f"{1:032x}.abcdefghijklmnopqrstuvwx"


@pytest.mark.red("host-in-location")
@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/l/daily/", "/l/daily"),
        ("/l/daily/feed.xml/?page=2", "/l/daily/feed.xml?page=2"),
        (f"/l/daily/unsubscribe/{TOKEN}/", f"/l/daily/unsubscribe/{TOKEN}"),
        (f"/l/daily/preferences/{TOKEN}/", f"/l/daily/preferences/{TOKEN}"),
        (f"/l/daily/confirm/{TOKEN}//", f"/l/daily/confirm/{TOKEN}"),
        ("/l/%D9%85%D9%88%D8%AC%D8%B2/", "/l/%D9%85%D9%88%D8%AC%D8%B2"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_slash_too_many_leads_to_a_path_whatever_host_was_asked(
    reader: Reader, path: str, to: str, method: str
):
    answer = await reader.opens(path, method=method, host="evil.example")
    assert (answer.status_code, answer.headers["location"]) == (307, to)
    assert "evil.example" not in str(answer.headers)


@pytest.mark.red("host-in-location")
@pytest.mark.parametrize(
    "path", ["/nowhere/", "/nowhere", "//evil.example/l/daily/", "/l/a/b/c/", "/%2Fevil.example/l/daily/"]
)
async def test_what_is_not_there_leads_nowhere(reader: Reader, path: str):
    answer = await reader.opens(f"{SITE}{path}", host="evil.example")
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text
