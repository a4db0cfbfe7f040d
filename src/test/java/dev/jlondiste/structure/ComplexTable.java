package dev.jlondiste.structure;

import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.TestDatabase;

/** A table with all features of the server's version, and names that need quoting. */
final class ComplexTable {
  static final TableName NAME = new TableName("Shop Floor", "Big \"Table");

  /** Objects that the table depends on, which must exist on both servers. */
  private static final String SURROUNDINGS =
      """
      create schema "Shop Floor";
      create table "Shop Floor".parent (kind text default 'parent');
      create table "Shop Floor".colours (id int primary key);
      create type "Shop Floor".mood as enum ('ok', 'it''s bad');
      create domain public.positive as int check (value > 0);
      create domain public.very_positive as public.positive check (value > 1);
      create function public.touch() returns trigger language plpgsql as
        $$ begin return new; end $$;
      create schema pgq;
      create function pgq.logutriga() returns trigger language plpgsql as
        $$ begin return new; end $$;
      do $$ begin
        if not exists (select 1 from pg_roles where rolname = 'odd "owner') then
          create role "odd ""owner";
          create role "odd reader";
        end if;
      end $$;
      grant usage, create on schema "Shop Floor" to "odd ""owner";
      grant usage, create on schema "Shop Floor" to "odd reader";
      """;

  private static final String TABLE =
      """
      create sequence public.shared_numbers increment by 5 minvalue 3 maxvalue 3000 cache 7 cycle;
      create table "Shop Floor"."Big ""Table" (
        id serial,
        gone int,
        "Key & Col" text collate "C" not null default E'it''s \\\\ back',
        code char(5),
        price numeric(10, 2) default 0 constraint "price ok" check (price >= 0),
        mood "Shop Floor".mood default 'it''s bad'::"Shop Floor".mood,
        degree public.very_positive,
        tags text[] default '{a,"b c"}',
        doc jsonb constraint has_key check (doc ? 'key' or doc is null),
        seen timestamptz(3) default now(),
        span int4range,
        number bigint default nextval('public.shared_numbers'),
        colour int references "Shop Floor".colours,
        body text,
        primary key (id, "Key & Col"),
        constraint "twice ?" unique (code, price) deferrable initially deferred,
        exclude using gist (span with &&),
        check (code <> ' TO "Shop Floor"."Big ""Table" ')
      ) inherits ("Shop Floor".parent) with (fillfactor = 70, autovacuum_enabled = false);
      alter table "Shop Floor"."Big ""Table" drop column gone;
      alter table "Shop Floor"."Big ""Table" alter column body set storage external;
      create unique index "Big ""Table_code_seen" on "Shop Floor"."Big ""Table" (code, seen desc nulls last);
      create index "odd { index" on "Shop Floor"."Big ""Table" (lower(body) text_pattern_ops)
        with (fillfactor = 50) where doc ? 'key' and body <> ' USING ';
      create index on "Shop Floor"."Big ""Table" using gin (tags);
      create unique index identity on "Shop Floor"."Big ""Table" (id);
      alter table "Shop Floor"."Big ""Table" cluster on "Big ""Table_code_seen";
      alter table "Shop Floor"."Big ""Table" replica identity using index identity;
      create table "Shop Floor".referrer (
        id int, key text, foreign key (id, key) references "Shop Floor"."Big ""Table");
      create trigger "a trigger" before update of price, code on "Shop Floor"."Big ""Table"
        for each row when (new.body <> ' ON "Shop Floor"."Big ""Table" ')
        execute procedure public.touch('arg', '?');
      create trigger off after insert on "Shop Floor"."Big ""Table"
        for each statement execute procedure public.touch();
      create constraint trigger late after insert on "Shop Floor"."Big ""Table"
        deferrable initially deferred for each row execute procedure public.touch();
      create trigger events after insert on "Shop Floor"."Big ""Table"
        for each row execute procedure pgq.logutriga();
      alter table "Shop Floor"."Big ""Table" disable trigger off;
      alter table "Shop Floor"."Big ""Table" enable always trigger late;
      create rule "odd rule" as on update to "Shop Floor"."Big ""Table"
        where new.price = 42 do instead (insert into "Shop Floor".parent values ('?'); delete from "Shop Floor".colours);
      create rule quiet as on delete to "Shop Floor"."Big ""Table" do also nothing;
      alter table "Shop Floor"."Big ""Table" disable rule quiet;
      comment on table "Shop Floor"."Big ""Table" is E'the \\\\ table''s';
      comment on column "Shop Floor"."Big ""Table".id is 'number';
      comment on index "Shop Floor"."odd { index" is 'index?';
      comment on constraint "twice ?" on "Shop Floor"."Big ""Table" is 'never';
      grant select, insert on "Shop Floor"."Big ""Table" to "odd reader" with grant option;
      grant update (price, "Key & Col") on "Shop Floor"."Big ""Table" to "odd reader";
      grant select on "Shop Floor"."Big ""Table" to public;
      alter table "Shop Floor"."Big ""Table" owner to "odd ""owner";
      """;

  private ComplexTable() {}

  static void surroundings(TestDatabase database) {
    database.execute(SURROUNDINGS);
  }

  static void create(TestDatabase database) {
    database.execute(TABLE);
  }
}
