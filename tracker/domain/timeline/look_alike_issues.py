"""Issues with the title or the question of another one, which may have been opened twice under two paths."""

from collections.abc import Iterator, Mapping

from tracker.domain.log.events import Event, IssueOpened, IssueReworded
from tracker.domain.terms.text_key import text_key
from tracker.domain.timeline.registers import Issue

_NAMED = 3


def look_alike_notes(event: Event, issues: Mapping[str, Issue]) -> Iterator[str]:
    """Yield a note for the title, and one for the question, that an event gives to an issue and that others have too.

    Case and white space make no difference.
    """
    if not isinstance(event, IssueOpened | IssueReworded):
        return
    for field in ("title", "question"):
        text = getattr(event, field)
        others = [
            path
            for path, issue in issues.items()
            if text is not None and path != event.issue and text_key(getattr(issue, field)) == text_key(text)
        ]
        if others:
            more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
            yield (
                f"{event.issue} has the {field} of {', '.join(others[:_NAMED])}{more}. If it is the same issue, "
                "record statements under one path, and retract the opening of the other."
            )
