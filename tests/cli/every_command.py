"""Every command that asks and every command that writes, each with options that read much of the database."""

import click

from tracker.cli import cli

NAMED = ("--party", "Moscow", "--issue", "start", "--known-at", "@6")
EVIDENCE = ("--source", "dw", "--speaker", "Lavrov", "--ascribed-by", "USA", "--attribution", "ascribed")
ASKING: tuple[tuple[str, ...], ...] = (
    ("state", "--inherit", "--questions", "--wide", *NAMED),
    ("history", "Moscow", "start", "--known-at", "@6"),
    ("history", "--inherit", *NAMED),
    ("report", "--from", "2019-01-01", *NAMED),
    ("report", "--from", "2019-01-01", "--inherit", *NAMED),
    ("report", "--since", "@6", *NAMED[:4]),
    ("report", "--from", "2019-01-01", "--known-from", "@2"),
    ("explain", "Moscow", "start", "--known-at", "@6"),
    ("asks", "--all", *NAMED),
    ("conditions", *NAMED),
    ("consensus", "start", "--of", "Moscow", "--inherit", "--known-at", "@6"),
    ("consensus", "--from", "2019-01-01", "--of", "NATO", "--inherit"),
    ("agreement", "--format", "graphml", *NAMED),
    ("agreement", "--from", "2019-01-01", "--rows", *NAMED[:4]),
    ("chart", "timeline", "start", "--known-at", "@6"),
    ("chart", "timeline", "--inherit", *NAMED),
    ("chart", "matrix", "--inherit", *NAMED),
    ("chart", "amounts", "--of", "Moscow", "--inherit", "--known-at", "@6"),
    ("chart", "agreement", *NAMED),
    ("chart", "agreement", "--from", "2019-01-01", "--network"),
    ("find", "words", *NAMED),
    ("show", "@6"),
    *((register, "list") for register in ("party", "issue", "source")),
    ("party", "show", "Moscow"),
    ("issue", "show", "start"),
    ("source", "show", "dw"),
    ("log",),
    ("log", "--tail", "2", "--by", "analyst"),
    ("export",),
    ("checkpoint",),
    ("backup", "copy.db"),
    ("verify",),
    ("token", "list"),
    ("doctor",),
)
FIRST: tuple[tuple[str, ...], ...] = (
    ("party", "add", "NATO", "NATO", "--kind", "bloc"),
    ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "Words."),
    ("party", "join", "USA", "NATO", "--on", "2019-01-01"),
    ("issue", "add", "coal", "--title", "Coal", "--question", "Which wording?", "--form", "choice"),
    ("token", "add", "Ann"),
)
"""What they need to be on record beside the desk's own entries; the statement is @6."""
SAID = ("--on", "2019-12-12", "--summary", "Said so.")
WRITING: tuple[tuple[str, ...], ...] = (
    ("record", "Moscow,USA", "start", "opposes", *SAID, "--to", "USA", *EVIDENCE),
    ("record", "--from-file", "-"),
    ("withdraw", "Moscow", "start", *SAID, *EVIDENCE),
    ("corroborate", "@6", "--source", "dw"),
    ("milestone", "Summit", "--on", "2019-12-12", "--party", "Moscow", "--issue", "start", *EVIDENCE),
    ("correct", "@6", "--party", "United States", "--to", "Moscow", "--reason", "Misread."),
    ("retract", "@6", "--reason", "Misread."),
    ("undo",),
    ("party", "add", "CHN", "China"),
    ("party", "alias", "Moscow", "Kremlin"),
    ("party", "rename", "Moscow", "Russian Federation"),
    ("party", "join", "Moscow", "NATO", "--on", "2019-12-12", *EVIDENCE),
    ("party", "leave", "USA", "NATO", "--on", "2019-12-12", *EVIDENCE),
    ("issue", "add", "arms/inf", "--title", "INF", "--question", "Should it be kept?"),
    ("issue", "reword", "start", "--on", "2019-12-12", "--title", "START"),
    ("issue", "close", "start", "--on", "2019-12-12", "--outcome", "agreed", "--party", "Moscow", *EVIDENCE),
    ("issue", "option", "coal", "phase-out", "phase-out"),
    ("issue", "reopen", "start", "--on", "2019-12-13", *EVIDENCE),
    ("party", "succeed", "USA", "Moscow", "--on", "2019-12-12", *EVIDENCE),
    ("source", "add", "tass", "--title", "News", "--publisher", "TASS"),
    ("load", "more.jsonl"),
    ("rebuild",),
    ("token", "add", "Bob"),
    ("token", "revoke", "Ann"),
)
BATCH = "statements:\n  - {party: Moscow, issue: start, stance: opposes, on: 2019-12-13, summary: Said so.}\n"


def formats(command: tuple[str, ...]) -> list[str | None]:
    """The formats that a command offers; the one that it has no option for, if it has none."""
    with click.Context(cli) as context:
        _, found, rest = cli.resolve_command(context, list(command))
        if isinstance(found, click.Group):
            _, found, _ = found.resolve_command(context, rest)
    offered = [option.type.choices for option in found.params if option.name == "form"]
    return [str(form) for form in offered[0]] if offered else [None]
