"""The rules of memberships, against a plain look at every day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.log.membership_rules import MembershipEvent, MembershipReview, MembershipTimelines

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(number) for number in range(8)]

events = st.builds(
    lambda model, pair, on: model(party=pair[0], bloc=pair[1], on=on),
    st.sampled_from((MembershipStarted, MembershipStarted, MembershipEnded)),
    st.permutations("ABCD").map(lambda order: order[:2]),
    st.sampled_from(DAYS),
)
transactions = st.lists(st.lists(events, min_size=1, max_size=3), max_size=12)


def is_sound(accepted: list[MembershipEvent]) -> bool:
    """Whether nobody joins twice, leaves where it is not, or belongs to itself on any day; ranks are places."""
    members: set[tuple[str, str]] = set()
    ordered = sorted(enumerate(accepted), key=lambda placed: (placed[1].day, placed[0]))
    last: dict[tuple[str, str], MembershipEvent] = {}
    for day in DAYS:
        for _, event in ordered:
            if event.day == day and event != last.get((event.party, event.bloc)):  # which would say the same
                last[event.party, event.bloc] = event
                pair = event.party, event.bloc
                if isinstance(event, MembershipStarted) == (pair in members):
                    return False
                members ^= {pair}
        if any(belongs_to_itself(party, members) for party in "ABCD"):
            return False
    return True


def belongs_to_itself(party: str, members: set[tuple[str, str]]) -> bool:
    reached = {party}
    for _ in "ABCD":
        reached = {bloc for member, bloc in members if member in reached}
        if party in reached:
            return True
    return False


@given(transactions)
def test_a_transaction_is_refused_exactly_if_it_leaves_memberships_that_no_day_could_have(
    transactions: list[list[MembershipEvent]],
) -> None:
    accepted: list[MembershipEvent] = []
    for offered in transactions:
        review = MembershipReview(MembershipTimelines())
        for rank, event in enumerate(accepted):
            review.replace(None, event, rank=rank, event_id=str(rank), position=rank, judged=True)
        assert not any(found.judged for found in review.settle())
        for rank, event in enumerate(offered, len(accepted)):
            review.replace(None, event, rank=rank, event_id=str(rank), position=rank, judged=True)
        broken = [found for found in review.settle() if found.judged]
        assert bool(broken) == (not is_sound([*accepted, *offered]))
        assert {found.event_id for found in broken} <= {str(len(accepted) + place) for place in range(len(offered))}
        if not broken:
            accepted += offered
