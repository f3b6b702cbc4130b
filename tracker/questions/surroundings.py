"""What happened beside the positions in scope, and what we corrected of them, up to a day."""

from datetime import date
from typing import NamedTuple

from tracker.domain.log.kind_registry import context_kinds
from tracker.domain.report.context import ContextRow, context
from tracker.domain.report.corrections import Correction, corrections
from tracker.questions.reading import Question
from tracker.storage.queries import log_parts, versions
from tracker.storage.queries.circumstances import circumstances_on


class Surroundings(NamedTuple):
    """The occurrences that bear on a scope, by day, and our revisions of its positions, in the order of the log."""

    context: tuple[ContextRow, ...]
    corrections: tuple[Correction, ...]


def surroundings_up_to(asked: Question) -> Surroundings:
    """Answer `Queries.surroundings`."""
    log, cutoffs, scope, day = asked.log.core, asked.cutoffs, asked.scope, asked.day
    around = circumstances_on(log, cutoffs, day)
    kinds = context_kinds()
    facts = versions.counting_facts(log, kinds, known_at=cutoffs.known_at, after=date.min, up_to=day)
    happened = versions.public(log, facts, cutoffs)
    ranks = log_parts.find_revised_ranks_in(log, scope, cutoffs, up_to=day)
    revised = log_parts.read_log_part(log, statements=ranks, up_to=asked.head.position)
    return Surroundings(
        context(happened, scope, after=date.min, up_to=day, around=around),
        corrections(revised, scope, after=date.min, up_to=day, around=around, published_by=asked.query.published_by),
    )
