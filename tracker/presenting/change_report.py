"""The change report made ready for a format."""

from typing import TYPE_CHECKING, Any

from tracker.presenting.presentation import Presentation, cited

if TYPE_CHECKING:
    from tracker.domain.report.change_report import Report
    from tracker.snapshot import Snapshot


def presented(snapshot: "Snapshot", found: "Report", wanted: Presentation) -> Any:
    """What changed between two days, as `tracker report` shows it."""
    from tracker.reports.report.data import ReportAnswer

    return ReportAnswer(found, cited(snapshot, found, found.to_day, wanted), wanted.titles)
