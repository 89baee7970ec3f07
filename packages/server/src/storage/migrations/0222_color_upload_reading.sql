-- Why: what is marked as being read is looked for each minute, to find what a server that stopped has left so.
create index color_upload_reading on color_upload (id) where state = 'reading';
