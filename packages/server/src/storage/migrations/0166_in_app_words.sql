-- Why: a template words what stands behind the bell, too. The title and text of the event stay beside it: the log and what was folded speak of the event.
-- Null: not worded yet, or kept before this; then it is shown as the event says it.
alter table notification_message add column shown_title text, add column shown_text text;
-- Looked for at every round of the worker.
create index notification_message_to_word on notification_message (id) where via = 'inbox' and state = 'waiting';
update notification_template set content = '{"inAppTitle": "", "inAppText": ""}'::jsonb || content;
