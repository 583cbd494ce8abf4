"""An indicator in the contract's words."""

from sharing.v1 import questions_pb2

from hub.model.indicator import Holding, Indicator, Verdict

_VERDICTS = {verdict: questions_pb2.IndicatorVerdict.Value(f"INDICATOR_VERDICT_{verdict.name}") for verdict in Verdict}


def indicator_message(indicator: Indicator) -> questions_pb2.Indicator:
    """Spell how an indicator stands."""
    return questions_pb2.Indicator(
        verdict=_VERDICTS[indicator.verdict],
        holdings=[_holding(holding) for holding in indicator.holdings],
        without=indicator.without,
        unknown=indicator.unknown,
        what=indicator.what,
    )


def _holding(holding: Holding) -> questions_pb2.Holding:
    """Spell what one agency holds; a contact goes by its telephone number."""
    return questions_pb2.Holding(
        agency=holding.agency,
        kinds=holding.kinds,
        since=holding.since,
        contact=questions_pb2.Choice(id=holding.telephone, title=holding.contact),
        is_possible_only=holding.is_possible_only,
    )
