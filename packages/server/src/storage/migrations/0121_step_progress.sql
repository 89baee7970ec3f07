-- Why: who opens the page of a run in the middle of a long step must see at once how far it is; the events that said so may be thousands back.
alter table step_run add column progress jsonb;
