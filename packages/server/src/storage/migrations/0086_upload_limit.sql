-- Why: the limit of uploads that was built in until now (256 MiB) is what an administrator starts from.
alter table security_settings alter column upload_max_bytes set default 268435456;
update security_settings set upload_max_bytes = 268435456 where updated_at is null;
