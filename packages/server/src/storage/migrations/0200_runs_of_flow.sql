-- Why: the runs of a flow that anybody asks for are those that somebody or something started, and a flow with items has up to 100,000 runs below each of
-- them. The index holds the first alone: the newest is found at once, and runs below others no longer pay for it.
create index run_root_of_flow on run (workspace_id, flow_id, id desc) where parent_id is null;
drop index run_of_flow;
