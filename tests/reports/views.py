"""Two small histories of which the views are asked: one with a long path, one with a closed issue."""

from collections.abc import Callable

LONG = "climate/finance/new-collective-quantified-goal/1300bn"
TEXT = f"""
    source dw 2019-12-11 title="Trump meets Lavrov" publisher=DW url=https://example.org/a
    issue {LONG} title="1,300 billion" question="Should it be 1,300 billion?"
    party RUS name=Russia
    party USA name=America
    party CHN name=China
    stated RUS {LONG} supports 2019-12-10 act=offers addressed_to=USA,CHN locator="page 3" speaker=Lavrov source=dw
    stated USA {LONG} opposes 2019-12-09 source=dw quote=never
    stated USA trade supports 2019-12-01
    stated CHN trade neutral 2019-12-02
    stated CHN arms/start conditional 2019-12-03
    stated CHN arms/inf supports 2019-12-03
    """
CLOSED = """
    source dw 2019-12-11
    stated RUS arms/inf conditional 2019-01-01 if=mutual
    stated RUS arms/inf conditional 2019-02-01 if=mutual speaker=Lavrov quote="We are ready." source=dw
    stated USA arms/start conditional 2019-02-01 if=verified
    stated USA trade supports 2019-03-01 act=demands addressed_to=RUS
    closed arms/inf 2019-08-02 terminated
    """

Ask = Callable[..., str]
