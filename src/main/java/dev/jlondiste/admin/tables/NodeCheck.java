package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for what would go wrong some day: tables that are not built as those of the provider. */
public final class NodeCheck {
  private final Cascade cascade;

  /** Something about a local table. */
  public record Finding(TableName table, String text) {}

  public NodeCheck(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Differences between local tables and those of the provider; on a root there are none. */
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
      if (there.isPresent()) {
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
    } else if (local.isPresent()) { // that it is gone is told by the inventory

      StructureDifferences differences = StructureDifferences.between(model.get(), local.get());
      differences.fatal().forEach(text -> findings.add(new Finding(here.name(), text)));
      differences.odd().forEach(text -> findings.add(new Finding(here.name(), text)));
      if (here.state().isOk()) {
        key(here.name(), model.get().primaryKey(), local.get().primaryKey())
            .ifPresent(findings::add);
      }
    }
  }

  /** The order of the columns does not matter. Not for a table in copy: that takes the key away. */
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
