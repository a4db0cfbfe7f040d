package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds differences of structure between local tables and those of the provider, which may stop
 * replication later.
 */
public final class NodeCheck {
  private final Cascade cascade;

  /** A finding about one local table. */
  public record Finding(TableName table, String text) {}

  public NodeCheck(Cascade cascade) {
    this.cascade = cascade;
  }

  /** The differences between local tables and those of the provider; empty on a root. */
  public List<Finding> differences() throws SQLException {
    List<Finding> findings = new ArrayList<>();
    if (cascade.node().isRoot()) {
      return findings;
    }
    TableSource provider = new TableSources(cascade).provider();
    for (TableInfo here : new ReplicatedObjects(cascade).inOrder()) {
      UnsupportedHandler.of(here)
          .map(refusal -> new Finding(here.name(), refusal.problem() + "; " + refusal.hint()))
          .ifPresent(findings::add);
      Optional<TableInfo> there = provider.local(here.name());
      if (there.isPresent() && !there.get().isVirtual() && !here.isVirtual()) {
        compare(here, there.get(), provider, findings);
      }
    }
    return findings;
  }

  private void compare(
      TableInfo here, TableInfo there, TableSource provider, List<Finding> findings)
      throws SQLException {
    Optional<TableStructure> model =
        provider.database().call(db -> StructureReader.read(db, there.destination()));
    Optional<TableStructure> local =
        cascade.local().call(db -> StructureReader.read(db, here.destination()));
    if (model.isEmpty()) {
      findings.add(new Finding(here.name(), "does not exist on the provider"));
    } else if (local.isPresent()) { // a missing local table is reported by the inventory

      RowMapping mapping = mapping(here, model.get());
      StructureDifferences differences =
          StructureDifferences.between(model.get(), local.get(), mapping);
      differences.fatal().forEach(text -> findings.add(new Finding(here.name(), text)));
      differences.harmless().forEach(text -> findings.add(new Finding(here.name(), text)));
      if (here.state().isOk()) {
        key(
                here.name(),
                mapped(model.get().primaryKey(), mapping, local.get().primaryKey()),
                local.get().primaryKey())
            .ifPresent(findings::add);
      }
    }
  }

  private RowMapping mapping(TableInfo here, TableStructure there) throws SQLException {
    List<String> columns = there.columns().stream().map(Column::name).toList();
    return here.isRefused()
        ? RowMapping.same(columns)
        : cascade
            .local()
            .call(
                db ->
                    StoredHandler.of(here, cascade.queue(), cascade.settings().handlerSettings())
                        .mapping(db, columns));
  }

  /** The key of the provider by the names that its columns have here, with constants of the key. */
  private static List<String> mapped(List<String> key, RowMapping mapping, List<String> local) {
    List<String> names = new ArrayList<>();
    mapping
        .written()
        .forEach(
            (name, source) -> {
              if (key.contains(source)) {
                names.add(name);
              }
            });
    mapping.constants().keySet().stream().filter(local::contains).forEach(names::add);
    return names;
  }

  /**
   * Compares primary keys regardless of the order of their columns. Not called while a table is
   * being copied, because a copy drops the key.
   */
  private Optional<Finding> key(TableName table, List<String> there, List<String> here) {
    if (Set.copyOf(there).equals(Set.copyOf(here))) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            table,
            "primary key is (%s) on the provider and (%s) here"
                .formatted(String.join(", ", there), String.join(", ", here))));
  }
}
