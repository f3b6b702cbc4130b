"""An explanation as data: every entry about the pair with its account, then what follows from them."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.answers.explanation import EntryAccount, Evidence, Explanation
from tracker.domain.log.events import Position, PositionStated, StatementCorroborated, quoted_words
from tracker.domain.terms.dates import instant_text


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
        "run": [step.entry.id for step in held.run] if held else [],
        "conditions_from": held.conditions_step.entry.id if held and held.conditions_step else None,
        "contested_by": [step.entry.id for step in held.contested_by] if held else [],
        "evidence": [_carrier(carrier) for carrier in explanation.carriers],
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


def _said(says: Position | StatementCorroborated | None) -> Mapping[str, Any]:
    if isinstance(says, StatementCorroborated):
        return {"source": says.source, "quote": quoted_words(says.quote)}
    if says is None:
        return {}
    return {
        "party": says.party,
        "issue": says.issue,
        "stance": says.stance if isinstance(says, PositionStated) else None,
        "stated_on": says.stated,
        "on": says.day.effective,
        "sequence": says.sequence,
        "summary": says.summary,
        "quote": quoted_words(says.quote),
        "speaker": says.speaker,
        "conditions": says.conditions if isinstance(says, PositionStated) else None,
        "standing": says.standing if isinstance(says, PositionStated) else None,
        "attribution": says.attributed,
        "source": says.source,
    }


def _carrier(carrier: Evidence) -> dict[str, Any]:
    return {
        "event_id": carrier.event_id,
        "position": carrier.position,
        "source": carrier.source.data() if carrier.source else None,
        "quote": quoted_words(carrier.quote),
        "locator": carrier.locator,
        "attribution": carrier.attribution,
    }
