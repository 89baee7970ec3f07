-- Why: steps hand uploaded files on by reference, and a reference carries the MD5 that some receivers ask for.
alter table stored_file add column md5 text not null;
