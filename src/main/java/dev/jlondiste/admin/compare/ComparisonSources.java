package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.tables.TableSources;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the node that a table is compared with: the first one towards the root that has its rows.
 */
final class ComparisonSources {
  private static final Logger log = LoggerFactory.getLogger(ComparisonSources.class);

  private final Cascade cascade;
  private final TableSources sources;

  ComparisonSources(Cascade cascade) {
    this.cascade = cascade;
    this.sources = new TableSources(cascade);
  }

  /** Throws {@link NotComparable} if there is none. */
  TableSource of(TableInfo table) throws SQLException {
    TableSource source = comparable(() -> sources.search(table.name()));
    NodeInfo node = source.node();
    log.info("{}: Using node {} as provider", table.name(), node.name());
    log.info("Provider: {} ({})", node.name(), node.type().name().toLowerCase(Locale.ROOT));
    return source;
  }

  /** As above, without messages. */
  TableSource quietly(TableInfo table) throws SQLException {
    return comparable(() -> sources.searchQuietly(table.name()));
  }

  /** A search of a source. */
  @FunctionalInterface
  private interface Search {
    TableSource found() throws SQLException;
  }

  private static TableSource comparable(Search search) throws SQLException {
    try {
      return search.found();
    } catch (UserError e) {
      throw new NotComparable(e.problem(), e);
    }
  }

  /** Reads both tables in transactions of their own. */
  ComparisonBasis basis(TableInfo table, TableSource source) throws SQLException {
    try (Connection there = source.database().open();
        Connection here = cascade.local().open()) {
      return ComparisonBasis.read(cascade, source, there, here, table);
    }
  }
}
