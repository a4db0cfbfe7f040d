package dev.jlondiste.structure;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the definition of a table. Stateless; the caller owns the transaction. */
public final class StructureReader {
  private static final String RELATION =
      """
      select c.oid::bigint as id, c.relkind::text as kind,
             quote_ident(n.nspname) || '.' || quote_ident(c.relname) as sql_name,
             pg_get_userbyid(c.relowner) as owner, c.relpersistence = 'u' as unlogged,
             coalesce(array_to_string(c.reloptions, ', '), '') as options,
             obj_description(c.oid, 'pg_class') as comment
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
      """;

  private record Relation(
      long id,
      String kind,
      String sqlName,
      String owner,
      boolean unlogged,
      String options,
      @Nullable String comment) {}

  private StructureReader() {}

  /**
   * Empty if the table does not exist. Also reads views and partitioned tables, see {@link
   * TableStructure#kind}.
   */
  public static Optional<TableStructure> read(Connection db, TableName name) throws SQLException {
    // With an empty path the server qualifies every name in the definitions it prints.
    String path = Sql.one(db, "select current_setting('search_path')", row -> row.getString(1));
    setPath(db, "pg_catalog");
    Optional<Relation> relation = find(db, name);
    Optional<TableStructure> structure = Optional.empty();
    if (relation.isPresent()) {
      structure = Optional.of(read(db, name, relation.get()));
    }
    // Not in a finally block: a failed transaction accepts no statement, and its rollback restores
    // the path.
    setPath(db, path);
    return structure;
  }

  private static void setPath(Connection db, String path) throws SQLException {
    Sql.run(db, "select pg_catalog.set_config('search_path', ?, true)", path);
  }

  private static Optional<Relation> find(Connection db, TableName name) throws SQLException {
    return Sql.first(
        db,
        RELATION,
        row ->
            new Relation(
                row.getLong("id"),
                row.getString("kind"),
                row.getString("sql_name"),
                row.getString("owner"),
                row.getBoolean("unlogged"),
                row.getString("options"),
                row.getString("comment")),
        name.schema(),
        name.name());
  }

  private static TableStructure read(Connection db, TableName name, Relation relation)
      throws SQLException {
    CatalogQueries catalog = new CatalogQueries(db, relation.id());
    return new TableStructure(
        name,
        relation.kind(),
        relation.sqlName(),
        relation.owner(),
        relation.unlogged(),
        relation.options(),
        relation.comment(),
        catalog.columns(),
        catalog.primaryKey(),
        catalog.constraints(),
        catalog.indexes(),
        catalog.foreignKeys(),
        catalog.triggers(),
        catalog.rules(),
        catalog.parents(),
        catalog.grants(),
        SequenceReader.ofTable(db, relation.id()));
  }
}
