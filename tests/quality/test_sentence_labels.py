"""Sentence splitting against ends that were labelled by hand, in ten outlets' texts that the project does not carry.

The labels are offsets. A person looked at every mark that could end a sentence and at every line end; stops inside a quotation that is soon
closed are no ends, as docs/why/summaries.md says. The splitter's own proposal was on the screen, which favours it.
"""

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest

from digest.text.words.sentences import spans
from tests.quality.pin import read

LABELS = Path(__file__).with_name("sentence_labels.json")


def test_three_hundred_sentences_of_ten_outlets_are_labelled():
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    assert sum(len(each["ends"]) for each in labels) >= 300
    assert len({each["source"] for each in labels}) >= 10
    assert all(
        each["ends"] == sorted(set(each["ends"])) and each["ends"][-1] == each["end"] for each in labels
    )


@pytest.mark.long
def test_sentences_end_where_a_person_says():
    shared = Path(os.environ.get("MUJAZ_SHARED", Path(__file__).parents[3] / "shared")) / "data"
    texts: dict[str, dict[str, str]] = {}
    right = found = labelled = 0
    for each in json.loads(LABELS.read_text(encoding="utf-8")):
        if each["file"] not in texts:
            texts[each["file"]] = _texts(shared / each["file"])
        text = texts[each["file"]][each["id"]]
        assert hashlib.sha256(text.encode()).hexdigest() == each["sha256"], (
            f"{each['id']} is another text now"
        )
        ends = {end for _, end in spans(text[: each["end"]])}
        right += len(ends & set(each["ends"]))
        found += len(ends)
        labelled += len(each["ends"])
    assert 2 * right / (found + labelled) >= read()["sentences.F"]["floor"]


def _texts(file: Path) -> dict[str, str]:
    assert file.is_file(), f"There is no {file}; set MUJAZ_SHARED to the folder of tools and data."
    with (
        gzip.open(file, "rt", encoding="utf-8")
        if file.suffix == ".gz"
        else file.open(encoding="utf-8") as lines
    ):
        return {item["id"]: item["text"] for item in map(json.loads, lines)}
