"""The page of a group of issues: each issue in it with its question, how it was closed, and who holds what."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.scope import within
from tracker.domain.timeline.statement import Value
from tracker.presenting import registers
from tracker.reports.answers import Document, Fields
from tracker.reports.basis import basis_of
from tracker.reports.positions.values import GLYPHS
from tracker.web.asking.answering import Inquiry

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_ISSUES = 500
"""How many issues the page lists."""


def group_page(snapshot: "Snapshot", asked: Inquiry, prefix: str) -> Fields:
    """The page of the issues below a prefix of their paths; of all issues for an empty one. Raises TrackerError."""
    on, cutoffs = asked.address.values["on"] or asked.today, registers.cutoffs_of(snapshot, asked.query)
    names = snapshot.registers(on, known_at=cutoffs.known_at, published_by=cutoffs.published_by)
    closings = snapshot.closings(on, cutoffs)
    issues = [issue for path, issue in names.issues.items() if not prefix or within(path, prefix)]
    scope = replace(asked.query.scope, issues=frozenset({prefix}) if prefix else frozenset())
    found = snapshot.state_rows(on, replace(asked.query, scope=scope))
    held: dict[str, Counter[Value | str]] = {}
    for row in found.rows:
        held.setdefault(row.issue, Counter())["amount" if isinstance(row.value, Amount) else row.value] += 1
    order: list[Value | str] = [*GLYPHS, "amount"]
    contents = {
        "prefix": prefix,
        "issues": [(issue, closings.get(issue.issue)) for issue in issues[:MOST_ISSUES]],
        "cut_issues": len(issues) - MOST_ISSUES,
        "held": {path: sorted(count.items(), key=lambda one: order.index(one[0])) for path, count in held.items()},
        "values": [],
    }
    basis = basis_of(asked.query, on, asked.head, found.left_out_undated)
    return Fields(None, document=Document(basis, names, "", template="issues.html", contents=contents))
