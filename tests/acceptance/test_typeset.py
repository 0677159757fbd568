"""`digest tool typeset`: what a mail shows of a text."""

import json
import subprocess
import sys


def test_a_text_is_typeset_in_a_language_and_digits():
    lines = [
        {"id": 1, "text": "تعلّم C# في 5 أيام", "language": "ar", "digits": "arab"},
        {"id": 2, "text": "تعلّم C# في 5 أيام", "digits": "latn"},
        {"id": 3, "text": 7},
        {"id": 4, "text": "نص", "digits": "roman"},
    ]

    done = subprocess.run(
        [sys.executable, "-m", "digest", "tool", "typeset"],
        input="\n".join([*map(json.dumps, lines), "{"]),
        capture_output=True,
        text=True,
        check=True,
    )

    first, second, third, fourth, fifth = map(json.loads, done.stdout.splitlines())
    assert first == {"id": 1, "html": 'تعلّم <span dir="ltr">C#</span> في ٥ أيام'}
    assert second == {"id": 2, "html": 'تعلّم <span dir="ltr">C#</span> في 5 أيام'}
    assert third["id"] == 3
    assert "text" in third["error"]
    assert "arab, arabext, latn" in fourth["error"]
    assert fifth["id"] is None
