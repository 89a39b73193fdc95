"""Which permissions open which pages of this door."""

from yiwang.kernel.organisation.rules import Permission

AT_THE_DESK = (
    Permission.CASE_ACCEPT,
    Permission.CASE_DISPATCH,
    Permission.CASE_SUPERVISE,
    Permission.CASE_VOID,
    Permission.INSPECT_VIEW,
)
IN_A_UNIT = (Permission.TASK_HANDLE,)
TO_CALL_BACK = (Permission.REPORT_CALL_BACK,)
TO_READ_A_CASE = (Permission.CASE_VIEW, Permission.TASK_HANDLE)
TO_TAKE_A_REPORT = (Permission.REPORT_TAKE,)
