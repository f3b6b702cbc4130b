"""Refused files other than databases: unreadable ones, damaged backups, no reports; and pictures."""

from dataclasses import KW_ONLY

from tracker.errors.base import TrackerError


class FileUnavailable(TrackerError):
    """A file, other than the database, that cannot be read or written."""

    path: str
    why: str
    advice: str = "Check the path and its permissions."

    sentence = "{path}: {why}. {advice}"


class NotOurSite(TrackerError):
    """A folder to write a site into that holds something else."""

    path: str
    why: str

    sentence = (
        "{path} {why}. A site is written into a new folder, or in place of an earlier site, which goes whole. "
        "Name another folder."
    )


class BackupDamaged(TrackerError):
    """A backup that is not what was backed up."""

    file: str
    position: int
    why: str

    def __str__(self) -> str:
        return (
            f"{self.file} cannot be restored: position {self.position}: {self.why.rstrip('.')}. Nothing was restored; "
            "try an older backup."
        )


class NotAReport(TrackerError):
    """A file given as an earlier report that is not one."""

    file: str
    wrong: str | None
    _: KW_ONLY
    is_json: bool

    def __str__(self) -> str:
        other = "it holds something else" if self.is_json else "it is not JSON"
        why = f"its {self.wrong} is missing or wrong" if self.wrong else other
        return (
            f"{self.file} is not a change report: {why}. Name one that was made with `tracker report --format json`, "
            "or give its log position as @N."
        )


class AnotherLog(TrackerError):
    """An earlier report that was not made from this log."""

    position: int

    sentence = (
        "The earlier report was made from another log: the entry at position {position} has another hash here. "
        "Name the database that it was made from with --db."
    )


class NarrowerThanEarlier(TrackerError):
    """A report since an earlier one that leaves out what that one showed."""

    what: str

    sentence = (
        "{what} Something in between would be missed. Ask for a later day, leave that option out, or give --from DAY "
        "in place of --since."
    )


class ChartsMissing(TrackerError):
    """A picture, where the libraries that paint it are not installed."""

    package: str

    sentence = (
        "Charts need the package {package}, which is not installed. "
        "Install it with `pip install 'negotiation-tracker[charts]'`."
    )
