"""A record with everything that a timeline draws, and what is drawn of it."""

from datetime import date

from tracker.charts.shapes import Box, Dot, Picture, Words

ON = date(2021, 3, 1)
RECORD = """
    issue arms/start title="New START" question="Should it be extended?"
    issue goal form=quantity unit="USD bn" title="The goal" question="How much?"
    issue coal form=choice title="Coal" question="Which?"
    issue coal/out title="Phase-out" question="Should it be a phase-out?"
    issue coal/down title="Phase-down" question="Should it be a phase-down?"
    one: stated RUS arms/start conditional 2019-01-10 quote=Perhaps.
       stated RUS arms/start conditional 2019-05-10
       stated RUS arms/start supports 2020-02-01 attribution=inferred red_line=yes
    two: stated USA arms/start sceptical 2019-03-01 ascribed_by=RUS attribution=ascribed
       corrected two stated_on=2019-03-02 reason="The wrong day."
       withdrawn USA arms/start 2020-06-01
       stated CHN goal >=100 2019-01-10
       stated CHN goal 200 2020-01-10
       stated USA goal <=50 2019-06-10
       stated USA goal - 2020-06-10 act=declines
       stated CHN coal/out opposes 2019-01-10
       stated CHN coal/down supports 2019-02-10
       stated USA coal/out supports 2019-03-10
       milestone "A summit" 2020-01-20 issues=arms/start
       milestone "A new president" 2021-01-20 parties=USA
       closed arms/start 2021-02-03 agreed
    """


def boxes(picture: Picture) -> list[Box]:
    """The bands, ranges and veils of a picture: its boxes that lie at days."""
    return [shape for shape in picture.shapes if isinstance(shape, Box) and isinstance(shape.left, date)]


def dots(picture: Picture) -> list[Dot]:
    """The marks of a picture, without those of its legend."""
    return [shape for shape in picture.shapes if isinstance(shape, Dot) and shape.told]


def texts(picture: Picture) -> list[str]:
    """All that is written on a picture."""
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]
