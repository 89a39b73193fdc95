"""Which permissions open which pages of these doors."""

from yiwang.kernel.organisation.rules import Permission

TO_SEE_FIGURES = (Permission.FIGURES_VIEW,)
TO_DECIDE = (
    Permission.CASE_SUPERVISE,
    Permission.CASE_EXTEND_APPROVE,
    Permission.CASE_SUSPEND_APPROVE,
)
TO_INSPECT = (Permission.INSPECT_VIEW,)
TO_CHECK_THE_RECORD = (Permission.AUDIT_VERIFY,)
