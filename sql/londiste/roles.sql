-- Create the roles londiste_reader (may read) and londiste_writer (may call all functions), members
-- of pgq's roles. If the installing role may not do that, only the owner of the schema can use it
-- until an administrator has created the roles and the installation has been run again.

do $$ begin perform londiste.upgrade_schema(); end $$;
