package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.ServerVersion;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The definition of a sequence and its value.
 *
 * @param isCalled false if the value has not been used yet
 */
record SequenceState(
    TableName name,
    long increment,
    long min,
    long max,
    boolean cycles,
    long cache,
    long lastValue,
    boolean isCalled,
    Access access) {
  /** What the role may do with a sequence besides reading it. */
  enum Access {
    OWNER,
    SET,
    NONE
  }

  /** Sequences in one statement; a statement locks each of them until its transaction ends. */
  private static final int GROUP = 500;

  /** Up to PostgreSQL 9.6 the lowest value was not the lowest bigint, but its successor. */
  private static final Set<Long> TYPE_BOUNDS =
      Set.of(
          (long) Short.MIN_VALUE,
          (long) Short.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          (long) Integer.MAX_VALUE,
          Long.MIN_VALUE,
          Long.MIN_VALUE + 1,
          Long.MAX_VALUE);

  private static final String READABLE =
      """
      select n.nspname, c.relname,
             case when pg_catalog.pg_has_role(c.relowner, 'usage') then 'OWNER'
                  when pg_catalog.has_table_privilege(c.oid, 'update') then 'SET'
                  else 'NONE' end
        from pg_catalog.unnest(?::text[]) t (name)
        join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(t.name)::oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'S'
         and (pg_catalog.has_table_privilege(c.oid, 'select')
              and pg_catalog.has_schema_privilege(n.oid, 'usage'))
      """;
  private static final String ONE =
      """
      select %2$d, p.seqincrement, p.seqmin, p.seqmax, p.seqcycle, p.seqcache, s.last_value, s.is_called
        from %1$s s, pg_catalog.pg_sequence p
       where p.seqrelid = s.tableoid
      """;
  private static final String ONE_9_6 =
      """
      select %2$d, s.increment_by, s.min_value, s.max_value, s.is_cycled, s.cache_value, s.last_value, s.is_called
        from %1$s s
      """;

  /**
   * Returns those of the sequences that exist and that the role may read. Commits after each group.
   */
  static Map<TableName, SequenceState> read(Connection db, Collection<TableName> names)
      throws SQLException {
    record ReadableSequence(TableName name, Access access) {}
    List<ReadableSequence> readable =
        Sql.list(
            db,
            READABLE,
            row ->
                new ReadableSequence(
                    new TableName(row.getString(1), row.getString(2)),
                    Access.valueOf(row.getString(3))),
            names.stream().map(TableName::quoted).toList());
    String one = ServerVersion.of(db) >= 100000 ? ONE : ONE_9_6;
    Map<TableName, SequenceState> found = new TreeMap<>();
    for (int i = 0; i < readable.size(); i += GROUP) {
      List<ReadableSequence> group = readable.subList(i, Math.min(readable.size(), i + GROUP));
      String sql =
          IntStream.range(0, group.size())
              .mapToObj(nr -> one.formatted(group.get(nr).name().quoted(), nr))
              .collect(Collectors.joining(" union all "));
      Sql.list(
              db,
              sql,
              row -> read(row, group.get(row.getInt(1)).name(), group.get(row.getInt(1)).access()))
          .forEach(s -> found.put(s.name(), s));
      db.commit();
    }
    return found;
  }

  private static SequenceState read(ResultSet row, TableName name, Access access)
      throws SQLException {
    return new SequenceState(
        name,
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getBoolean(5),
        row.getLong(6),
        row.getLong(7),
        row.getBoolean(8),
        access);
  }

  boolean ascends() {
    return increment > 0;
  }

  boolean holds(long value) {
    return min <= value && value <= max;
  }

  /**
   * True if it will end before {@code other} does, in its own direction. The bounds of types do not
   * count while half of the values are left: up to PostgreSQL 9.6 all sequences are of type bigint.
   */
  boolean endsBefore(SequenceState other) {
    long end = ascends() ? max : min;
    long otherEnd = ascends() ? other.max : other.min;
    if (ascends() ? end >= otherEnd : end <= otherEnd) {
      return false;
    }
    return !(isBoundOfType(end) && isBoundOfType(otherEnd))
        || (ascends() ? other.lastValue > end / 2 : other.lastValue < end / 2);
  }

  /** True if it begins again at another value than {@code other} does. */
  boolean cyclesElsewhere(SequenceState other) {
    return cycles && other.cycles && (ascends() ? min != other.min : max != other.max);
  }

  private static boolean isBoundOfType(long bound) {
    return TYPE_BOUNDS.contains(bound);
  }

  /** True if a sequence with these settings at {@code value} has no values left. */
  boolean isExhaustedAt(long value, boolean called) {
    if (cycles || !called) {
      return false;
    }
    BigInteger next = BigInteger.valueOf(value).add(BigInteger.valueOf(increment));
    return next.compareTo(BigInteger.valueOf(min)) < 0
        || next.compareTo(BigInteger.valueOf(max)) > 0;
  }
}
