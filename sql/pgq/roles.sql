-- Create the roles pgq_reader, pgq_writer and pgq_admin, if the current role may.
do $$
begin
    perform pgq.upgrade_schema();
end;
$$;
