-- Why: with a hundred thousand that are open the list of what was decided must not pass over them. Open ones have an index of their own already.
drop index approval_newest;
create index approval_decided on approval (workspace_id, id desc) where ended_at is not null;
