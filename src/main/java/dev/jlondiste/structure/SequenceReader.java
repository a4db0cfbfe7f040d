package dev.jlondiste.structure;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.SequenceStructure.Link;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the definitions of sequences. Stateless; the caller owns the transaction. */
public final class SequenceReader {
  private static final String FIND =
      """
      select 1
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind = 'S'
      """;

  /** 'a' and 'i': owned by the column; 'n': its default calls nextval(). */
  private static final String OF_TABLE =
      """
      select n.nspname, s.relname, a.attname, min(d.link) as link
        from (select objid, refobjsubid as attnum,
                     case deptype when 'i' then 'IDENTITY' else 'OWNED' end as link
                from pg_catalog.pg_depend
               where classid = 'pg_catalog.pg_class'::regclass
                 and refclassid = 'pg_catalog.pg_class'::regclass
                 and refobjid = ?::oid and refobjsubid > 0 and deptype in ('a', 'i')
              union all
              select d.refobjid, f.adnum, 'UNOWNED'
                from pg_catalog.pg_attrdef f
                join pg_catalog.pg_depend d
                  on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = f.oid
                 and d.refclassid = 'pg_catalog.pg_class'::regclass
               where f.adrelid = ?::oid) d
        join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
        join pg_catalog.pg_namespace n on n.oid = s.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = ?::oid and a.attnum = d.attnum
       group by n.nspname, s.relname, a.attname, a.attnum
       order by a.attnum, s.relname
      """;

  private static final String PARAMETERS =
      """
      select pg_catalog.format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax,
             seqcache, seqcycle
        from pg_catalog.pg_sequence
       where seqrelid = ?::pg_catalog.regclass
      """;

  private static final String PARAMETERS_9_6 =
      """
      select 'bigint', start_value, increment_by, min_value, max_value, cache_value, is_cycled
        from
      """;

  private SequenceReader() {}

  /** Empty if the sequence does not exist. */
  public static Optional<SequenceStructure> read(Connection db, TableName name)
      throws SQLException {
    if (Sql.first(db, FIND, row -> 1, name.schema(), name.name()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(read(db, name, Optional.empty(), Link.NONE));
  }

  /** The sequences that columns of the table own or use in their defaults. */
  static List<SequenceStructure> ofTable(Connection db, long table) throws SQLException {
    record Found(TableName name, String column, Link link) {}
    List<Found> found =
        Sql.list(
            db,
            OF_TABLE,
            row ->
                new Found(
                    new TableName(row.getString(1), row.getString(2)),
                    row.getString(3),
                    row.getString(4).equals("UNOWNED")
                        ? Link.NONE
                        : Link.valueOf(row.getString(4))),
            table,
            table,
            table);
    List<SequenceStructure> sequences = new ArrayList<>();
    for (Found one : found) {
      sequences.add(read(db, one.name(), Optional.of(one.column()), one.link()));
    }
    return sequences;
  }

  private static SequenceStructure read(
      Connection db, TableName name, Optional<String> column, Link link) throws SQLException {
    boolean hasCatalog = ServerVersion.of(db) >= 100000;
    String sql = hasCatalog ? PARAMETERS : PARAMETERS_9_6 + name.quoted();
    Object[] parameters = hasCatalog ? new Object[] {name.quoted()} : new Object[0];
    return Sql.one(
        db,
        sql,
        row ->
            new SequenceStructure(
                name,
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getBoolean(7),
                column,
                link),
        parameters);
  }
}
