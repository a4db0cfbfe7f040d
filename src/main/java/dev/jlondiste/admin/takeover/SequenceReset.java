package dev.jlondiste.admin.takeover;

import static java.util.stream.Collectors.joining;

import dev.jlondiste.admin.takeover.SequencePositions.Position;
import dev.jlondiste.db.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * The script that sets sequences to positions. A sequence with a cache also gets a new storage
 * file: a session compares the file with the one it has cached values of, and discards them if they
 * differ. From PostgreSQL 10 on {@code alter sequence restart} creates the file. Up to 9.6 only
 * {@code truncate restart identity} does, of a table that owns the sequence; so a table of this
 * transaction owns it for a moment.
 */
final class SequenceReset {
  private static final int FIRST_WITH_CATALOG = 10;

  private static final String SCRIPT =
      """
      declare
          r   record;
      begin
          perform pg_catalog.setval(s.name::regclass, s.last_value, s.called)
             from %1$s
             join pg_catalog.pg_sequence q on q.seqrelid = s.name::regclass and q.seqcache = 1;
          for r in
              select s.name, s.last_value, s.called
                from %1$s
                join pg_catalog.pg_sequence q on q.seqrelid = s.name::regclass and q.seqcache > 1
          loop
              execute 'alter sequence ' || r.name || ' restart';
              perform pg_catalog.setval(r.name::regclass, r.last_value, r.called);
          end loop;
      end;
      """;

  private static final String SCRIPT_9_6 =
      """
      declare
          r           record;
          v_cache     bigint;
          v_owner     text;
          v_table     text;
      begin
          for r in
              select s.name, s.last_value, s.called, n.nspname, c.oid, c.relowner
                from %1$s
                join pg_catalog.pg_class c on c.oid = s.name::regclass
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          loop
              execute 'select cache_value from ' || r.name into v_cache;
              if v_cache > 1 then
                  select pg_catalog.format('%%s.%%I', d.refobjid::regclass, a.attname)
                    into v_owner
                    from pg_catalog.pg_depend d
                    join pg_catalog.pg_attribute a
                      on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                   where d.classid = 'pg_catalog.pg_class'::regclass
                     and d.objid = r.oid
                     and d.refclassid = 'pg_catalog.pg_class'::regclass
                     and d.deptype = 'a';
                  v_table := pg_catalog.format('%%I._jlondiste_reset_%%s', r.nspname, r.oid);
                  execute 'create table ' || v_table || ' (n bigint)';
                  execute 'alter table ' || v_table || ' owner to '
                          || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.relowner));
                  execute 'alter sequence ' || r.name || ' owned by ' || v_table || '.n';
                  execute 'truncate ' || v_table || ' restart identity';
                  execute 'alter sequence ' || r.name || ' owned by ' || coalesce(v_owner, 'none');
                  execute 'drop table ' || v_table;
              end if;
              perform pg_catalog.setval(r.name::regclass, r.last_value, r.called);
          end loop;
      end;
      """;

  private SequenceReset() {}

  static String script(Connection db, List<Position> positions) throws SQLException {
    boolean hasCatalog = db.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_CATALOG;
    return "do " + Quoting.literal((hasCatalog ? SCRIPT : SCRIPT_9_6).formatted(rows(positions)));
  }

  /** An item of a FROM list, with the columns name, last_value and called. */
  static String rows(List<Position> positions) {
    return """
           rows from (pg_catalog.unnest(%s::text[]), pg_catalog.unnest(%s::bigint[]),
                      pg_catalog.unnest(%s::boolean[])) as s (name, last_value, called)
           """
        .formatted(
            array(positions, position -> Quoting.literal(position.sequence().quoted())),
            array(positions, position -> "'" + position.lastValue() + "'"),
            array(positions, position -> Boolean.toString(position.called())));
  }

  private static String array(List<Position> positions, Function<Position, String> element) {
    return positions.stream().map(element).collect(joining(", ", "array[", "]"));
  }
}
