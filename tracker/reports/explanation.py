"""An explanation as data: every entry about the pair with its account, then what follows from them."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.answers.explanation import EntryAccount, Evidence, Explanation
from tracker.domain.log.events import StatementCorroborated, quoted_words
from tracker.domain.terms.dates import instant_text
from tracker.domain.timeline.statement import Statement


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """The explanation as one object of JSON values; `conclusion` is the row of the state, null if there is none."""
    held = explanation.held
    issue = explanation.issue
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
        "entries": [_account(account) for account in explanation.accounts],
        "conclusion": explanation.row,
        "run": [statement.event_id for statement in held.run] if held else [],
        "conditions_from": held.conditions_from.event_id if held and held.conditions_from else None,
        "contested_by": [statement.event_id for statement in held.contested_by] if held else [],
        "evidence": [_evidence(evidence) for evidence in explanation.evidence],
    }


def _account(account: EntryAccount) -> dict[str, Any]:
    entry, says = account.entry, account.says
    return {
        "event_id": entry.id,
        "position": entry.position,
        "type": entry.type,
        "target": getattr(entry.event, "target", None),
        "reason": getattr(entry.event, "reason", None),
        "rank": account.rank,
        "recorded_at": instant_text(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "counts": account.because is None,
        "because": account.because,
        "because_of": account.because_of,
        **_said(says),
        "public_on": account.public_on,
        "question": account.question,
    }


def _said(says: Statement | StatementCorroborated | None) -> Mapping[str, Any]:
    if isinstance(says, StatementCorroborated):
        return {"source": says.source, "quote": quoted_words(says.quote)}
    if says is None:
        return {}
    return {
        "party": says.party,
        "issue": says.issue,
        "stance": says.stance,
        "stated_on": says.stated_on,
        "on": says.on,
        "sequence": says.sequence,
        "summary": says.summary,
        "quote": says.quote,
        "speaker": says.speaker,
        "conditions": says.conditions,
        "standing": says.standing,
        "attribution": says.attribution,
        "source": says.source,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "event_id": evidence.event_id,
        "position": evidence.position,
        "source": evidence.source.data() if evidence.source else None,
        "quote": quoted_words(evidence.quote),
        "locator": evidence.locator,
        "attribution": evidence.attribution,
    }
