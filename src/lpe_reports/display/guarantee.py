"""The guarantee's rule as it stands in params, as the measures take it."""

from datetime import date

from lpe_reports.errors import ParamsError
from lpe_reports.measures.guarantee import GuaranteeRule, rule_in_force
from lpe_reports.params.glossary import Glossary


def guarantee_rule(glossary: Glossary, list_: str, on: date) -> GuaranteeRule:
    """The rule of a list in force on a day.

    Raises:
        ParamsError: None is in force that day.
    """
    rules = [
        GuaranteeRule(
            limit.list, limit.days, limit.valid_from, limit.valid_to, limit.source, limit.says
        )
        for limit in glossary.guarantee
    ]
    rule = rule_in_force(rules, list_, on)
    if rule is None:
        raise ParamsError("params/glossary.yml", None, f"no guarantee limit for '{list_}' on {on}")
    return rule
