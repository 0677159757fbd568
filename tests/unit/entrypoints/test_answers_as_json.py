"""Programs can ask every command about people."""

import pytest
import typer

from digest.entrypoints.cli.audience import lists, own_fields, segments, subscribers, suppress

APPS = {
    "subscribers": subscribers.app,
    "lists": lists.app,
    "segments": segments.app,
    "suppress": suppress.app,
    "fields": own_fields.app,
    "tags": own_fields.tags_app,
}


@pytest.mark.parametrize("name", APPS)
def test_every_command_about_people_answers_as_json_too(name: str):
    group = typer.main.get_command(APPS[name])
    commands = group.commands  # type: ignore[attr-defined]
    without = {
        command.name
        for command in commands.values()
        if "--json" not in [o for p in command.params for o in p.opts]
    }
    assert commands
    assert without == set()
