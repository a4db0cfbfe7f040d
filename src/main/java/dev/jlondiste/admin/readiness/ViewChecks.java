package dev.jlondiste.admin.readiness;

import dev.jlondiste.config.IgnoredObjects;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The materialized views of the old root exist on the new one and have rows. Whether the rows are
 * recent is not known to the server.
 */
final class ViewChecks {
  private static final String VIEWS =
      """
      select n.nspname, c.relname, c.relispopulated
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'm' and n.nspname !~ '^pg_'
       order by 1, 2
      """;

  /** A materialized view; it cannot be queried until it is populated. */
  record MaterializedView(TableName name, boolean populated) {}

  private ViewChecks() {}

  static List<MaterializedView> list(Connection db) throws SQLException {
    return Sql.list(
        db,
        VIEWS,
        row ->
            new MaterializedView(
                new TableName(row.getString(1), row.getString(2)), row.getBoolean(3)));
  }

  static void compare(
      NodeSide fresh,
      List<MaterializedView> there,
      List<MaterializedView> here,
      IgnoredObjects ignored,
      Findings findings) {
    here.stream()
        .filter(view -> !view.populated() && !ignored.contains(view.name().full()))
        .forEach(
            view ->
                findings.blocker(
                    Check.VIEWS,
                    "materialized view %s of node '%s' was never refreshed"
                        .formatted(view.name(), fresh.name()),
                    "refresh materialized view " + view.name().quoted() + "; or add --prepare"));
    Set<TableName> names = here.stream().map(MaterializedView::name).collect(Collectors.toSet());
    there.stream()
        .filter(view -> !names.contains(view.name()) && !ignored.contains(view.name().full()))
        .forEach(
            view ->
                findings.blocker(
                    Check.VIEWS,
                    "materialized view %s does not exist on node '%s'"
                        .formatted(view.name(), fresh.name()),
                    "create it, or list it in inventory_ignore in the ini file"));
  }
}
