-- londiste_reader (may look) and londiste_writer (may do everything). Creating them, and making them
-- members of pgq's roles, may be more than the installing role is allowed: then the owner of the
-- schema works alone until somebody else has created them and the installation is run again.

do $$ begin perform londiste.upgrade_schema(); end $$;
