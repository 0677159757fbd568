"""What was corrected of an edition stands on its page."""

from digest.model import EditionState, MailingList
from digest.services.app import App
from digest.services.editions import corrections
from tests.builders import NOW, an_edition
from tests.integration.web.conftest import Reader


async def test_the_page_of_an_edition_says_what_was_wrong_in_it(
    app: App, mailing_list: MailingList, reader: Reader
):
    async with app.database.begin() as session:
        sent = an_edition(mailing_list.id or 0, state=EditionState.FINISHED, started_at=NOW)
        session.add(sent)
    assert "تصحيح" not in (await reader.opens("/l/daily/1")).text
    await corrections.correct(app, sent, "عدد المحال 203 لا 300.")
    shown = (await reader.opens("/l/daily/1")).text
    assert "تصحيح" in shown
    assert "عن العدد <bdi>١</bdi>" in shown
    assert "عدد المحال ٢٠٣ لا ٣٠٠." in shown
