"""Batches to fill in, for `--template`, with parties, issues and a source of one's own if there are any."""

import json
import re
from datetime import date

from tracker.domain.registers.registers import Registers
from tracker.domain.terms.vocabulary import IssueForm

_STATEMENTS = """\
# A batch of statements for `tracker record --from-file FILE`; --check only checks it.
# What stands under defaults holds for every statement that does not say otherwise, and for memberships and milestones
# that have such a field; but how something was said (speaker ...), and for memberships the day, for statements alone.
defaults:
  source: {source}  # a registered source: tracker source add ...
  on: {on}  # the day it was said, also as 12 Dec 2019; a month (2019-12) or a year will do
  speaker: First Last
  role: Foreign Minister

statements:
  - party: {party}  # several parties state one position: RUS, USA
    issue: {issue}
    stance: supports  # opposes sceptical neutral conditional supports
    summary: The position in your own words.
    quote: The words of the official, verbatim
    act: reaffirms
    to: {other_party}

  - party: {other_party}
    issue: {other_issue}
    speaker: Another Name
    role: Secretary of State
    stance: conditional
    conditions:
      - what would have to be true, or a term that is offered
    summary: Another position in your own words.
    # also: locator, standing (formal official remark), on_behalf_of,
    # attribution (direct reported ascribed inferred), ascribed_by (a party: then ascribed), sequence,
    # priority (low medium high), red_line (yes no), reasons, provision, answers (@N), note, tags,
    # language and translation (of the quote)

# In place of the stance: on an issue that asks for an amount, amount: 300, ">=1300", "<=200" or 100..300 (a bound in
# quotes), perhaps with could_accept and stated_as; on a choice, options: {{phase-down: supports, phase-out: opposes}}

# Any list may be a table with a cell for each column: an empty one takes the default, and ~ takes none.
# Put a text in quotes:
# statements:
#   columns: [party, issue, stance, on, summary]
#   rows:
#     - [{party}, {issue}, supports, 12 Dec 2019, "The position, in your own words."]
#     - [{other_party}, {other_issue}, opposes, , "Another position."]
"""

TEMPLATES = {
    "parties": """\
parties:
  - party: FRA                   # upper case; a state's is its ISO 3166-1 alpha-3 code
    name: France
    aliases: [Paris]
  - party: EUN
    name: European Union
    kind: bloc                   # state (default) bloc organisation delegation forum other
""",
    "issues": """\
issues:
  - issue: climate/finance       # a slash path; its prefixes are groups
    title: Climate finance
    question: Should developed countries double their climate finance?
  - issue: climate/finance/goal
    title: Finance goal
    question: How much climate finance a year?
    form: quantity               # question (default: yes or no), quantity (with a unit) or choice
    unit: USD bn a year
    # also: own (yes where each party answers for itself, as with pledges)
""",
    "sources": """\
sources:
  - source: reuters-2015-12-12
    title: Nations agree on a climate pact
    publisher: Reuters
    published_on: 2015-12-12     # the day on which the public could read it
    # also: url, language, sha256, dated_on (of a document that was not published)
""",
    "withdrawals": """\
withdrawals:
  - party: FRA                   # several parties may withdraw together: FRA, DEU
    issue: climate/finance
    on: 2016-01-10               # from then on it holds no position
    summary: France gave its position up.
    # also: options (of a choice: a list of their ids), leaves_position_of (a bloc), source, quote, locator, speaker,
    # role, attribution, ascribed_by, sequence, language and translation (of the quote)
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
"""A list with an example or two, by section, of those other than statements."""


def batch_template(registers: Registers | None = None) -> str:
    """Return a batch of statements whose names are registered as far as possible, and otherwise examples.

    The other lists that it may hold follow as comments.
    """
    parties = list(registers.parties if registers else ()) or ["RUS", "USA"]
    asking = (issue for issue in (registers.issues.values() if registers else ()) if issue.form is IssueForm.QUESTION)
    issues = [issue.issue for issue in asking] or ["new-start/extension", "arms-control/scope"]
    sources = sorted(registers.sources.values() if registers else (), key=lambda one: one.published_on or date.min)
    own = registers is not None and bool(registers.parties)
    source, on = (sources[-1].source, sources[-1].published_on) if sources else ("dw-2019-12-11", None)
    other = parties[-1] if len(parties) < 3 else parties[1]
    template = _STATEMENTS
    if own and not sources:
        template = template.replace("  source: {source}", "  # source: {source}")
    if other == parties[0]:
        template = template.replace("    to: {other_party}\n", "")
    statements = template.format(
        source=_scalar(source),
        on=on or "2019-12-12",
        party=_scalar(parties[0]),
        other_party=_scalar(other),
        issue=_scalar(issues[0]),
        other_issue=_scalar(issues[-1] if len(issues) < 3 else issues[1]),
    )
    return statements + commented_templates()


def register_template(section: str, command: str) -> str:
    """The template of a file that a register reads."""
    return f"# A file for `{command} --from-file FILE`; --check only checks it.\n{TEMPLATES[section]}"


def commented_templates() -> str:
    """The other lists that a batch of statements may hold, each line a comment."""
    lists = "".join(TEMPLATES.values())
    commented = "".join(f"# {line}\n" for line in lists.splitlines())
    return f"\n# The same file may hold these lists. Statements may name what they register.\n{commented}"


def _scalar(text: str) -> str:
    """Text as YAML reads it back, in double quotes where it needs them."""
    plain = re.fullmatch(r"[A-Za-z][\w/.-]*", text) and text.casefold() not in _YAML_WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


_YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that are no text in YAML 1.1 or 1.2, whatever their case."""
