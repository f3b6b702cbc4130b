"""Every refusal the tracker can give: a module for each kind of thing refused, all imported from here."""

from tracker.errors.base import TrackerError
from tracker.errors.data import (
    BadData,
    BadEvent,
    BadValue,
    BlankText,
    EntryTooLong,
    Finding,
    RefusedEntries,
    UnknownEventType,
)
from tracker.errors.database import (
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    LogDamaged,
    NotATrackerDatabase,
    NotEmpty,
    NotTheDemo,
    OutcomeUnknown,
    UnsupportedDatabase,
)
from tracker.errors.entries import (
    BadTarget,
    ChangedNothing,
    ChangesNothing,
    IdentityChanged,
    NamedEntry,
    NoLongerCounts,
    NothingToUndo,
    NotTheLastEntry,
    PositionAhead,
    RetractionIsFinal,
    SameIdOtherContent,
    StillReferredTo,
    UnknownEntry,
    WrongTarget,
)
from tracker.errors.files import AnotherLog, BackupDamaged, FileUnavailable, NarrowerThanEarlier, NotAReport
from tracker.errors.memberships import (
    JoinsInACircle,
    JoinsItself,
    JoinsTwice,
    LeavesUnjoined,
    MembershipAhead,
    NotABloc,
    RepeatsMembership,
    StillHasMembers,
)
from tracker.errors.positions import (
    AmountOnQuestion,
    AnswersNoAsk,
    ChoiceHasOptions,
    FormIsFixed,
    NotAnOption,
    NotOneQuantity,
    NoUnit,
    OptionOfAnotherForm,
    OptionOutcomeOfAnotherForm,
    OutcomeOfAnotherForm,
    PositionOfAnotherForm,
    StanceOnQuantity,
    StatementOnChoice,
    UnitInUse,
)
from tracker.errors.registers import (
    AmbiguousName,
    LooksLikeId,
    NameInUse,
    RegisteredOtherwise,
    SaysWhatHolds,
    UnknownIssue,
    UnknownName,
    UnknownParty,
    UnknownSource,
    UntypableId,
)
from tracker.errors.statements import (
    AddsNoEvidence,
    ChangedSinceRecorded,
    LooksLikeOneOnRecord,
    NoLaterStamp,
    PairMovedOn,
    SaidInTheFuture,
    SaidTwice,
    TimeRunsBackwards,
)
