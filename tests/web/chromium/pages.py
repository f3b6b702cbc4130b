"""The pages that a browser is shown, and the records behind them."""

from collections.abc import Mapping

from tests.reports.test_html import TEXT, hostile_text

SMALL = (
    TEXT
    + """
    party EGY name=مصر
    issue money/goal title="The goal" question="How much money?" form=quantity unit="USD a year"
    stated USA money/goal 100..200 2019-03-01 source=dw
    stated EUN money/goal >=150 2019-03-02 source=dw
    ask: stated RUS arms/inf supports 2019-04-01 act=demands addressed_to=USA
    stated EGY trade opposes 2019-05-01 quote="نحن نرفض هذا الاقتراح" language=ar translation="We refuse." source=dw
    """
)
LONG = "x" * 300
HOSTILE = hostile_text(LONG)
PAGES: Mapping[str, str] = {
    "/": "/?on=2019-12-10&clock=public",
    "/report": "/report?from=2019-11-01&to=2019-12-31",
    "/compare": "/compare?from=2019-03-01&to=2019-12-20",
    "/consensus": "/consensus?on=2019-12-31",
    "/agreement": "/agreement?on=2019-12-31",
    "/asks": "/asks?on=2019-12-31&all=1",
    "/conditions": "/conditions?on=2019-12-31",
    "/history": "/history?on=2019-12-31&party=RUS&party=EGY&party=FRA",
    "/explain": "/explain?party=RUS&issue=arms/start&on=2019-12-31",
    "/search": "/search?text=arms",
    "/entries/{name:path}": "/entries/6",
    "/issues/{name:path}": "/issues/arms/start?on=2019-12-31",
    "/parties/{name:path}": "/parties/RUS?on=2019-12-31",
    "/api": "/api",
    "/log": "/log?before=7",
}
"""By the path of a route: the address at which it has something to show."""
MORE = ("/consensus?from=2019-01-01&to=2019-12-31", "/compare", "/search", "/nowhere")
"""Pages that look otherwise with another question, or with none."""
OF_SMALL = ("/entries/28", "/entries/31")
"""Pages that the small record alone has: of a correction and of a retraction."""
