"""Which permissions open which pages of this door."""

from yiwang.kernel.organisation.rules import Permission

ON_THE_GROUND = (Permission.CASE_SOLVE_ON_SPOT,)
TO_CHECK = (Permission.CASE_VERIFY,)
