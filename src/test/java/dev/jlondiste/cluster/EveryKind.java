package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables with every kind of index, key and constraint that a server of the major has; and tables
 * around them that are not replicated, with foreign keys in both directions.
 */
public final class EveryKind {
  private static final String TABLE =
      """
      create table every (
        id int not null, code text not null, span int4range not null, n int not null,
        colour int not null, shade int not null, boss int, body text, doc jsonb);
      """;

  /**
   * A function that resolves another one by its caller's search_path. From 17 on an index with it
   * cannot be created, but be there: it was before the upgrade.
   */
  private static final String FUNCTIONS =
      """
      create schema app;
      create function app.helper(t text) returns text language sql immutable as 'select lower(t)';
      create function app.loose(t text) returns text language sql immutable
        set search_path = app as 'select helper(t)';
      create function app.tight(t text) returns text language sql immutable
        set search_path = app as 'select helper(t)';
      """;

  private static final String INDEXES =
      """
      alter table every add primary key (id) with (fillfactor = 61);
      alter table every add constraint every_code unique (code, n) with (fillfactor = 62)
        deferrable initially deferred;
      alter table every add constraint "twice ?" unique (n, id) deferrable;
      alter table every add constraint apart exclude using gist (span with &&)
        with (fillfactor = 63) where (id > 0) deferrable;
      create index every_expr on every ((doc ->> 'it''s ?'), lower(body) text_pattern_ops desc nulls last)
        with (fillfactor = 64) where n > 0 and doc ? 'k';
      create index every_two on every ((n + 1), n, (n * 2));
      create unique index every_identity on every (id, n);
      create index every_c on every (body collate "C");
      create index every_hash on every using hash (code);
      create index every_brin on every using brin (n) with (pages_per_range = 7);
      create index every_gin on every using gin (doc jsonb_path_ops) with (fastupdate = off);
      create index every_loose on every (app.loose(body));
      create index every_tight on every (app.tight(body)) where app.tight(code) <> 'x';
      alter function app.loose(text) reset search_path;
      create index every_tied on every (n, code);
      alter index every_tied depends on extension plpgsql;
      create index "Every "" odd" on every (shade);
      alter table every cluster on "Every "" odd";
      alter table every replica identity using index every_identity;
      comment on index every_expr is 'an expression';
      comment on index every_pkey is 'the key''s index';
      comment on constraint every_pkey on every is E'the \\\\ key';
      comment on constraint apart on every is 'never at once';
      create rule quiet as on delete to every where old.id < 0 do also nothing;
      alter table every disable rule quiet;
      comment on rule quiet on every is 'a rule';
      """;

  private static final String FOREIGN_KEYS =
      """
      create table colours (id int, shade int, primary key (id, shade));
      insert into colours select i, j from generate_series(0, 9) i, generate_series(0, 4) j;
      alter table every add constraint of_colour foreign key (colour, shade)
        references colours match full on update cascade deferrable initially deferred;
      comment on constraint of_colour on every is 'it''s; a colour';
      alter table every add constraint of_boss foreign key (boss) references every;
      create table lonely (id int primary key, every int constraint to_every references every
        on delete cascade deferrable);
      alter table lonely add constraint unproved foreign key (id) references every not valid;
      """;

  private final TestDatabase database;
  private final int version;

  public EveryKind(TestDatabase database) {
    this.database = database;
    this.version = (int) database.number("select current_setting('server_version_num')");
  }

  public List<String> tables() {
    List<String> tables = new ArrayList<>(List.of("public.every"));
    if (version >= 120000) {
      tables.addAll(List.of("public.parts_1", "public.parts_2"));
    }
    return tables;
  }

  /** What the provider has: the same columns, primary keys and nothing else. */
  public void createPlain(int rows) {
    database.execute(TABLE + "alter table every add primary key (id)");
    database.execute(
        """
        insert into every
        select i, 'code ' || i, int4range(i * 10, i * 10 + 5), i, i %% 10, i %% 5, (i + 1) / 2,
               'Body ' || i, '{"k": 1}'
          from generate_series(1, %d) i
        """
            .formatted(rows));
    if (version >= 120000) {
      database.execute(
          """
          create table parts_1 (id int primary key, every int, body text);
          create table parts_2 (id int primary key, every int, body text);
          insert into parts_1 select i, i, 'one' from generate_series(1, 9) i;
          insert into parts_2 select i, i, 'two' from generate_series(10, 19) i;
          """);
    }
  }

  public void create() {
    database.execute("alter database " + database.name() + " set search_path = public, app");
    database.execute(TABLE + FUNCTIONS + INDEXES);
    if (version >= 110000) {
      database.execute(
          """
          alter index every_expr alter column 1 set statistics 321;
          alter index every_two alter column 3 set statistics 0;
          create index every_include on every (n) include (body, code);
          alter table every add constraint every_covering unique (id, code) include (n)
            with (fillfactor = 65);
          """);
    } else {
      database.execute(
          """
          alter index every_expr alter column "expr" set statistics 321;
          alter index every_two alter column "expr1" set statistics 0;
          """);
    }
    if (version >= 130000) {
      database.execute(
          """
          create table words (w tsvector);
          create index every_opclass on every
            using gist (to_tsvector('simple'::regconfig, code) tsvector_ops (siglen = 99));
          create index every_plain_btree on every (n) with (deduplicate_items = off);
          """);
    }
    if (version >= 150000) {
      database.execute(
          """
          alter table every add constraint every_nulls unique nulls not distinct (id, boss)
            with (fillfactor = 66) deferrable;
          create unique index every_nulls2 on every (id, body) nulls not distinct;
          """);
    }
    if (version >= 180000) {
      database.execute(
          """
          alter table every add constraint every_period unique (span, n) include (code);
          """);
    }
    database.execute(FOREIGN_KEYS);
    if (version >= 150000) {
      database.execute(
          "alter table lonely add constraint some_null foreign key (every) references every"
              + " on delete set null (every)");
    }
    if (version >= 120000) {
      database.execute(
          """
          create table parts (id int, every int, body text, primary key (id)) partition by range (id);
          create table parts_1 partition of parts for values from (1) to (10) with (fillfactor = 71);
          create table parts_2 (id int primary key with (fillfactor = 72), every int, body text);
          alter table parts attach partition parts_2 for values from (10) to (20);
          create index parts_body on parts (body);
          create index parts_2_own on parts_2 (every) with (fillfactor = 73);
          alter table parts add constraint part_of foreign key (every) references every;
          comment on constraint part_of on parts is 'of all partitions';
          create table to_parts (id int primary key, part int constraint to_parts references parts);
          create table own_parts (id int, every int) partition by range (id);
          create table own_parts_1 partition of own_parts for values from (1) to (10);
          create table own_parts_2 (id int, every int);
          alter table own_parts_2 add constraint attached foreign key (every) references every;
          alter table own_parts attach partition own_parts_2 for values from (10) to (20);
          alter table own_parts add constraint own_part_of foreign key (every) references every;
          create table deep (id int, every int) partition by range (id);
          create table "deep 1" partition of deep for values from (1) to (10) partition by range (id);
          create table "deep 1 ""2" (every int, id int);
          alter table "deep 1" attach partition "deep 1 ""2" for values from (1) to (5);
          alter table deep add constraint "deep 'key" foreign key (every) references every
            on delete cascade deferrable initially deferred;
          """);
    }
    if (version >= 180000) {
      database.execute(
          """
          alter table lonely add constraint unenforced foreign key (id) references every not enforced;
          create table periods (id int4range, during int4range,
            primary key (id, during without overlaps) with (fillfactor = 67));
          comment on constraint periods_pkey on periods is 'no overlaps';
          """);
    }
  }

  /** An index in a tablespace of its own, where the server can make one within its directory. */
  public boolean createInTablespace(String tablespace) throws SQLException {
    boolean possible =
        "t"
            .equals(
                database.value(
                    "select current_setting('allow_in_place_tablespaces', true) is not null"));
    if (possible) {
      try (Connection session = database.connect();
          Statement statement = session.createStatement()) {
        statement.execute("set allow_in_place_tablespaces = on");
        statement.execute("create tablespace " + tablespace + " location ''");
        statement.execute("create index every_far on every (n, body) tablespace " + tablespace);
        statement.execute(
            "alter table every add constraint every_far_key unique (shade, n, id)"
                + " using index tablespace "
                + tablespace);
      }
    }
    return possible;
  }
}
