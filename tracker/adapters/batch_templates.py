"""Templates of the lists in a batch other than statements, for `--template`."""

TEMPLATES = {
    "parties": """\
parties:
  - party: FRA                   # upper case; a state's is its ISO 3166-1 alpha-3 code
    name: France
    aliases: [Paris]
  - party: EUN
    name: European Union
    kind: bloc                   # state (default) bloc organisation delegation other
""",
    "issues": """\
issues:
  - issue: climate/finance       # a slash path; its prefixes are groups
    title: Climate finance
    question: Should developed countries double their climate finance?
""",
    "sources": """\
sources:
  - source: reuters-2015-12-12
    title: Nations agree on a climate pact
    publisher: Reuters
    published_on: 2015-12-12     # the day on which the public could read it
    # also: url, language, sha256
""",
    "memberships": """\
memberships:
  - party: FRA                   # several parties may join together: FRA, DEU
    bloc: EUN
    on: 1993-11-01               # the first day as a member
    # also: left (the first day as a member no longer), source, quote, locator
""",
    "milestones": """\
milestones:
  - on: 2015-12-12
    title: The Paris Agreement is adopted
    category: treaty             # summit talks treaty government deadline other
    issues: climate/finance
    # also: parties, source, quote, locator, speaker, role
""",
}
"""A list with an example or two, by section."""


def register_template(section: str, command: str) -> str:
    """The template of a file that a register reads."""
    return f"# A file for `{command} --from-file FILE`; --check only checks it.\n{TEMPLATES[section]}"


def commented_templates() -> str:
    """The other lists that a batch of statements may hold, each line a comment."""
    lists = "".join(TEMPLATES.values())
    commented = "".join(f"# {line}\n" for line in lists.splitlines())
    return f"\n# The same file may hold these lists. Statements may name what they register.\n{commented}"
