"""A batch of statements to fill in, with parties, issues and a source of one's own if there are any."""

import json
import re
from datetime import date

from tracker.domain.timeline.registers import Registers

_TEMPLATE = """\
# A batch of statements for `tracker record --from-file FILE`; --check only checks it.
# What stands under defaults holds for every statement that does not say otherwise.
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
    # attribution (direct reported ascribed inferred), ascribed_by, sequence
"""


def template(registers: Registers | None = None) -> str:
    """Return a batch whose names are registered as far as possible, and otherwise examples."""
    parties = list(registers.parties if registers else ()) or ["RUS", "USA"]
    issues = list(registers.issues if registers else ()) or ["new-start/extension", "arms-control/scope"]
    sources = sorted(registers.sources.values() if registers else (), key=lambda one: one.published_on or date.min)
    source, on = (sources[-1].source, sources[-1].published_on) if sources else ("dw-2019-12-11", None)
    return _TEMPLATE.format(
        source=_scalar(source),
        on=on or "2019-12-12",
        party=_scalar(parties[0]),
        other_party=_scalar(parties[-1] if len(parties) < 3 else parties[1]),
        issue=_scalar(issues[0]),
        other_issue=_scalar(issues[-1] if len(issues) < 3 else issues[1]),
    )


def _scalar(text: str) -> str:
    """Text as YAML reads it back, in double quotes where it needs them."""
    return text if re.fullmatch(r"[A-Za-z][\w/.-]*", text) else json.dumps(text)
