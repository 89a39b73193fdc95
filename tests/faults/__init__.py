"""What an office must survive, one file for each kind of fault: a clear answer, nothing lost, nothing leaked.

| fault | told in |
|---|---|
| disk of the files full | `test_disk_full` (a real small disk: photo, document, film, list as Excel); `foundation/tests/test_photos`, `test_media` (at the last write); `tests/commands/test_backup` (a backup); `tests/house/start/test_refusals` (before a start) |
| disk of the database full | `test_database_away` |
| database away, restarted | `test_database_away` (each door's answer), `test_database_restarted` (under load); `tests/house/start/test_intake_under_fire` (every part killed), `test_start` |
| worker dead for an hour | `test_worker_away`; `notices/tests/test_worker`, `test_killed_between` (killed in the middle); `tests/commands/test_check` (who says so) |
| clock stepped | `test_clock_stepped` |
| mail server refusing | `outside/tests/test_mail` (a real SMTP server that refuses, hangs, hangs up), `notices/tests/test_sending` (pauses, given up, sent again), `office/tests/test_notices` (seen and sent again by hand) |
| two administrators, one rule | `test_two_administrators` (at the same moment); `web/office/tests` (a stale tab, page by page); `tests/journeys/test_two_desks` (two desks, one case) |
| a photo of 200 MB | `tests/journeys/test_two_hundred_megabytes`; `web/kit/tests/test_uploads` |
| 20,000 signs, 𠮷, emoji, right-to-left, NUL | `test_texts` (what is kept), `test_any_text_anywhere` (every form of every page), `test_sheets` (what leaves as Excel); `web/api/tests/test_any_input` |
| ten minutes at 50 reports a second | `yiwang bench soak` (`benchmarks/soak.py`) |
"""
