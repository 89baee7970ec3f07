-- Why: like a cancellation (0160), pausing a run and letting it go on reach those below it in transactions of their own, and cancelling a backfill or a performance test
-- reaches its runs so. A process that ended in between left them paused for ever, or running. What remains to be done is now read from the rows.
alter table run
  -- The number of the event by which it was paused or resumed, while those directly below it have not all followed.
  add column passes_on bigint;
create index run_passes_on on run (id) where passes_on is not null;
-- Some of its runs may not be cancelled yet.
alter table backfill add column is_cancelling boolean not null default false;
alter table performance_test add column is_cancelling boolean not null default false;
create index backfill_cancelling on backfill (id) where is_cancelling;
create index performance_test_cancelling on performance_test (id) where is_cancelling;
