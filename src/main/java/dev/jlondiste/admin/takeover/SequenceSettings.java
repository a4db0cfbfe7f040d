package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.takeover.SequencePositions.Position;
import dev.jlondiste.db.RowReader;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a sequence counts. The bounds are also those of the column that owns it: up to PostgreSQL 9.6
 * the sequence of a {@code serial} column has the bounds of {@code bigint}, later those of {@code
 * integer}, and both columns accept the same values.
 */
record SequenceSettings(
    long increment, long min, long max, boolean cycles, long cache, Access access) {
  /** What the connected role may do with a sequence. */
  enum Access {
    OWNER,
    SET,
    NONE
  }

  private static final int FIRST_WITH_CATALOG = 10;

  private static final String EXISTING =
      """
      select n.nr, n.name,
             case when pg_catalog.pg_has_role(c.relowner, 'usage') then 'OWNER'
                  when pg_catalog.has_sequence_privilege(c.oid, 'update') then 'SET'
                  else 'NONE' end as access,
             max(a.atttypid::pg_catalog.regtype::text) as column_type
        from pg_catalog.unnest(?::text[]) with ordinality as n (name, nr)
        join pg_catalog.pg_class c
          on c.oid = pg_catalog.to_regclass(n.name) and c.relkind = 'S'
        left join pg_catalog.pg_depend d
          on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
         and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0
         and d.deptype in ('a', 'i')
        left join pg_catalog.pg_attribute a
          on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
       group by n.nr, n.name, c.oid, c.relowner
       order by n.nr
      """;

  private static final String SETTINGS =
      """
      select e.nr, e.access, e.column_type, seqincrement, seqmin, seqmax, seqcycle, seqcache
        from (%s) e join pg_catalog.pg_sequence on seqrelid = e.name::regclass
       order by e.nr
      """
          .formatted(EXISTING);

  /** Up to PostgreSQL 9.6 each sequence stores its settings itself. */
  private static final String SETTINGS_9_6 =
      """
      select ?::int, ?::text, ?::text, increment_by, min_value, max_value, is_cycled, cache_value
        from
      """;

  /** Those of the sequences that exist, in the order of the list. */
  static Map<TableName, SequenceSettings> read(Connection db, List<TableName> sequences)
      throws SQLException {
    List<String> names = sequences.stream().map(TableName::quoted).toList();
    List<Map.Entry<TableName, SequenceSettings>> found = new ArrayList<>();
    RowReader<Map.Entry<TableName, SequenceSettings>> reader =
        row -> Map.entry(sequences.get(row.getInt(1) - 1), of(row));
    if (db.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_CATALOG) {
      found.addAll(Sql.list(db, SETTINGS, reader, names));
    } else {
      for (Object[] existing : Sql.list(db, EXISTING, SequenceSettings::existing, names)) {
        String from = names.get((int) existing[0] - 1);
        found.add(Sql.one(db, SETTINGS_9_6 + from, reader, existing));
      }
    }
    Map<TableName, SequenceSettings> settings = new LinkedHashMap<>();
    found.forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    return settings;
  }

  private static @Nullable Object[] existing(ResultSet row) throws SQLException {
    return new @Nullable Object[] {
      row.getInt("nr"), row.getString("access"), row.getString("column_type")
    };
  }

  private static SequenceSettings of(ResultSet row) throws SQLException {
    return new SequenceSettings(
            row.getLong(4),
            row.getLong(5),
            row.getLong(6),
            row.getBoolean(7),
            row.getLong(8),
            Access.valueOf(row.getString(2)))
        .within(String.valueOf(row.getString(3)));
  }

  private SequenceSettings within(String columnType) {
    return switch (columnType) {
      case "smallint" -> within(Short.MIN_VALUE, Short.MAX_VALUE);
      case "integer" -> within(Integer.MIN_VALUE, Integer.MAX_VALUE);
      default -> this;
    };
  }

  private SequenceSettings within(long lowest, long highest) {
    long narrowedMin = Math.max(min, lowest);
    long narrowedMax = Math.min(max, highest);
    return new SequenceSettings(increment, narrowedMin, narrowedMax, cycles, cache, access);
  }

  boolean holds(long value) {
    return min <= value && value <= max;
  }

  /** The value, or the bound next to it. */
  long nearest(long value) {
    return Math.max(min, Math.min(max, value));
  }

  /** Whether a published position is further than the current one, in the sequence's direction. */
  boolean isAhead(Position published, Position now) {
    if (published.lastValue() == now.lastValue()) {
      return published.called() && !now.called();
    }
    return cycles || (increment > 0) == (published.lastValue() > now.lastValue());
  }

  String bounds() {
    return min + " to " + max;
  }
}
