create schema if not exists pgq_ext;
grant usage on schema pgq_ext to public;
