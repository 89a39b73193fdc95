"""What a file would change: its lines laid over what is stored, sheet by sheet, every contradiction named.

Nothing is written here. Each class takes the lines of its sheet and keeps rows to insert, rows to
update, what changed in words of the file, and what is wrong.
"""

from yiwang.kernel.catalogue.excel.proposal.categories import CategoryProposal
from yiwang.kernel.catalogue.excel.proposal.changes import Change
from yiwang.kernel.catalogue.excel.proposal.conditions import ConditionProposal
from yiwang.kernel.catalogue.excel.proposal.limits import LimitProposal
from yiwang.kernel.catalogue.excel.proposal.rules import RuleProposal

__all__ = ["CategoryProposal", "Change", "ConditionProposal", "LimitProposal", "RuleProposal"]
