"""An explanation as data."""

from typing import Any

from tracker.domain.answers.explanation import EntryAccount, Evidence, Explanation
from tracker.domain.log.event_parts import quoted_words
from tracker.domain.log.events import StatementCorroborated
from tracker.domain.timeline.statement import Statement


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """Return one object: every entry, and the conclusion as the row of the state."""
    held, issue = explanation.held, explanation.issue
    return {
        "party": explanation.party,
        "issue": explanation.path,
        "on": explanation.on,
        "known_at": explanation.known_at,
        "published_by": explanation.published_by,
        "attributions": explanation.attributions,
        "log": explanation.log,
        "title": issue.title if issue else None,
        "question": issue.question if issue else None,
        "closed": explanation.closed,
        "entries": [_account_data(account) for account in explanation.accounts],
        "conclusion": explanation.row,
        "run": [statement.event_id for statement in held.run] if held else [],
        "conditions_from": held.conditions_from.event_id if held and held.conditions_from else None,
        "contested_by": [one.event_id for one in explanation.cell.contested_by] if explanation.cell else [],
        "evidence": [_fields_of(evidence, _EVIDENCE) for evidence in explanation.evidence],
        "inherited_from": explanation.cell.inherited_from if explanation.cell else None,
        "through": explanation.cell.through if explanation.cell else None,
        "inherited": explanation_data(explanation.inherited) if explanation.inherited else None,
    }


def _account_data(account: EntryAccount) -> dict[str, Any]:
    entry, says = account.entry, account.says
    return {
        "event_id": entry.id,
        "position": entry.position,
        "type": entry.type,
        "target": getattr(entry.event, "target", None),
        "reason": getattr(entry.event, "reason", None),
        "rank": account.rank,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "counts": account.because is None,
        "because": account.because,
        "because_of": account.because_of,
        **(_fields_of(says, _STATEMENT if isinstance(says, Statement) else _CORROBORATION) if says else {}),
        "public_on": account.public_on,
        "question": account.question,
    }


def _fields_of(said: Statement | StatementCorroborated | Evidence, names: str) -> dict[str, Any]:
    data = {name: getattr(said, name) for name in names.split()}
    return {**data, "quote": quoted_words(data["quote"])}


_STATEMENT = (
    "party issue stance stated_on on sequence summary quote speaker conditions standing attribution source "
    "on_behalf_of ascribed_by"
)


_CORROBORATION = "source quote"


_EVIDENCE = "event_id position source quote locator attribution"
