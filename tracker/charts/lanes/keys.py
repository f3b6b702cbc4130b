"""The legend of a timeline: the values and the marks that it shows, and no others."""

from collections.abc import Iterator, Sequence

from tracker.charts.lanes.bands import CORRECTED, FORMS, HAPPENED, WITHDREW, band_marks, could_live_with
from tracker.charts.layout.legend import Key
from tracker.charts.timeline_rows import Segment, Timeline
from tracker.domain.answers.changes import Change
from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.positions.choices import Attitude
from tracker.reports.positions.values import GLYPHS, value_class
from tracker.reports.wording import MARKS

_TOLD = {
    Attribution.DIRECT: "in its own words",
    Attribution.REPORTED: "reported",
    Attribution.ASCRIBED: "ascribed by another party",
    Attribution.INFERRED: "inferred by us",
}


def keys_of(found: Timeline) -> Iterator[Key]:
    """Yield what stands in the legend of a timeline, in order."""
    lanes = [lane for block in found.blocks for lane in block.lanes]
    yield from _values([segment for lane in lanes for segment in lane.segments])
    yield from _marks([step for lane in lanes for step in lane.steps])
    happened = (
        (any(lane.corrections for lane in lanes), Key("our correction: the party did not move", form=CORRECTED)),
        (any(lane.happened for lane in lanes), Key("what happened to the party", form=HAPPENED, filled=True)),
        (
            any(block.happened for block in found.blocks),
            Key("what happened, by its number", "accent", form="line", dashed=True),
        ),
        (any(True for block in found.blocks for _ in block.closed), Key("faded: closed", "faint")),
    )
    yield from (key for is_shown, key in happened if is_shown)


def _values(segments: Sequence[Segment]) -> Iterator[Key]:
    values = {segment.value for segment in segments}
    for value, glyph in GLYPHS.items():
        if value in values:
            yield Key(str(value), value_class(value), glyph, dashed=value in (WITHDRAWN, NO_FIGURE))
    if any(could_live_with(segment.steps[-1]) for segment in segments):
        yield Key(Attitude.CAN_LIVE_WITH.words, "neutral", Attitude.CAN_LIVE_WITH.sign)
    if amounts := [value for value in values if isinstance(value, Amount)]:
        yield Key("range that it names", "amount")
        if any(None in (value.at_least, value.at_most) for value in amounts):
            yield Key("goes on: no end stated", "amount-ink", form="triangle-up", filled=True)
    if any(segment.red_line for segment in segments):
        yield Key("red line", "line", form="strokes")
    signs = {sign for segment in segments for sign in band_marks(segment)}
    yield from (Key(words, "soft", sign) for sign, words in MARKS.items() if sign in signs)


def _marks(steps: Sequence[Change]) -> Iterator[Key]:
    used = {step.attribution for step in steps if step.to_value is not WITHDRAWN}
    for attribution, (form, filled) in FORMS.items():
        if attribution in used:
            yield Key(f"statement, {_TOLD[attribution]}", "ink", form=form, filled=filled)
    if any(step.to_value is WITHDRAWN for step in steps):
        yield Key("withdrawal", "withdrawn-ink", form=WITHDREW, filled=True)
