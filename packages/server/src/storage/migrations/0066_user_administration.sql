-- Why: an administrator shuts a person out for a while without losing who it was; and people change their address, which holds only once
-- the new one has proved that it gets mail.
alter table identity.membership add column suspended_at timestamptz;

alter table identity.account_link add column new_email text check (new_email = lower(new_email));
alter table identity.account_link drop constraint account_link_purpose_check;
alter table identity.account_link add check (purpose in ('password-reset', 'email-verification', 'email-change'));
alter table identity.account_link add check ((purpose = 'email-change') = (new_email is not null));
