-- Roles pgq_reader, pgq_writer, pgq_admin, as far as whoever installs may create them.
do $$
begin
    perform pgq.upgrade_schema();
end;
$$;
