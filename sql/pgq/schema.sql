create schema if not exists pgq;
grant usage on schema pgq to public;
