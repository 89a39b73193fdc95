"""How long what is kept stays: a table of rules, and the run that ends what is over."""

from yiwang.kernel.foundation.retention.rules import BATCH, YEAR, Rule
from yiwang.kernel.foundation.retention.running import Outcome, due, register, run, table

__all__ = ["BATCH", "YEAR", "Outcome", "Rule", "due", "register", "run", "table"]
