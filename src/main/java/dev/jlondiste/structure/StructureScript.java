package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.SequenceStructure.Link;
import dev.jlondiste.structure.TableStructure.ForeignKey;
import dev.jlondiste.structure.TableStructure.Grant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prints a table or sequence as a script of SQL statements, for display. Omits inheritance and the
 * triggers of replication. Stateless; the caller owns the transaction.
 */
public final class StructureScript {
  private StructureScript() {}

  /**
   * One statement for each element, without semicolon; empty if there is no ordinary table of that
   * name.
   */
  public static Optional<List<String>> table(Connection db, TableName name) throws SQLException {
    Optional<TableStructure> found =
        StructureReader.read(db, name).filter(TableStructure::isOrdinary);
    int version = ServerVersion.of(db);
    return found.map(table -> table(table, version));
  }

  private static List<String> table(TableStructure table, int version) {
    List<String> script = new ArrayList<>();
    List<SequenceStructure> sequences =
        table.sequences().stream().filter(sequence -> sequence.link() != Link.IDENTITY).toList();
    sequences.forEach(sequence -> script.add(sequence.createSql(version)));
    new TableDdl(table, table.name(), version).full().forEach(step -> script.add(step.sql()));
    sequences.stream()
        .filter(sequence -> sequence.link() == Link.OWNED)
        .forEach(sequence -> script.add(sequence.ownedBySql(table.name())));
    table.foreignKeys().stream()
        .filter(key -> key.from().equals(table.name()))
        .forEach(key -> script.add(foreignKeySql(key)));
    for (Grant grant : table.grants()) {
      script.add(TableDdl.grantSql(grant, table.name()));
    }
    script.add(
        "alter table " + table.name().quoted() + " owner to " + Quoting.identifier(table.owner()));
    return script;
  }

  private static String foreignKeySql(ForeignKey key) {
    return "alter table %s add constraint %s %s"
        .formatted(key.from().quoted(), Quoting.identifier(key.name()), key.definition());
  }

  /** The statement that creates the sequence; empty if it does not exist. */
  public static Optional<String> sequence(Connection db, TableName name) throws SQLException {
    int version = ServerVersion.of(db);
    return SequenceReader.read(db, name).map(sequence -> sequence.createSql(version));
  }
}
