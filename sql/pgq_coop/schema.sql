create schema if not exists pgq_coop;
grant usage on schema pgq_coop to public;
