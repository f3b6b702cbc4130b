"""Every refusal the tracker can give: a module for each kind of thing refused, all imported from here."""

from tracker.errors.access_messages import HoldsAToken, HoldsNoToken
from tracker.errors.base import TrackerError
from tracker.errors.data_messages import (
    BadData,
    BadEvent,
    BadValue,
    BlankText,
    Contradiction,
    EntryTooLong,
    Finding,
    RefusedEntries,
    UnknownEventType,
)
from tracker.errors.database_messages import (
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
from tracker.errors.entry_messages import (
    BadTarget,
    ChangedNothing,
    ChangesNothing,
    IdentityChanged,
    NamedEntry,
    NoLongerCounts,
    NothingToUndo,
    NotTheLastEntry,
    OtherHash,
    PositionAhead,
    RetractionIsFinal,
    SameIdOtherContent,
    StillReferredTo,
    UnknownEntry,
    WrongTarget,
)
from tracker.errors.file_messages import AnotherLog, BackupDamaged, FileUnavailable, NarrowerThanEarlier, NotAReport
from tracker.errors.membership_messages import (
    JoinsInACircle,
    JoinsItself,
    JoinsTwice,
    LeavesUnjoined,
    MembershipAhead,
    NotABloc,
    RepeatsMembership,
    StillHasMembers,
)
from tracker.errors.position_messages import (
    AmountOnQuestion,
    AnswersNoAsk,
    ChoiceBelowOption,
    ChoiceHasOptions,
    FigureAskedOfNobody,
    FormIsFixed,
    LeavesItself,
    NotAChoice,
    NotAnOption,
    NotOneQuantity,
    NoUnit,
    OptionOfAnotherForm,
    OptionOutcomeOfAnotherForm,
    OptionsOfNoChoice,
    OutcomeOfAnotherForm,
    OwnInUse,
    PositionMissing,
    PositionOfAnotherForm,
    StanceOnQuantity,
    StatementOnChoice,
    UnitInUse,
    WithdrawalFromChoice,
    WithdrawnOptionsOfNoChoice,
)
from tracker.errors.register_messages import (
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
from tracker.errors.serving_messages import AddressUnavailable, ExtraMissing
from tracker.errors.statement_messages import (
    AddsNoEvidence,
    ChangedSinceRecorded,
    LooksLikeOneOnRecord,
    NoLaterStamp,
    PairMovedOn,
    SaidInTheFuture,
    SaidTwice,
    TimeRunsBackwards,
)
