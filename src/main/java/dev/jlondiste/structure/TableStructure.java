package dev.jlondiste.structure;

import dev.jlondiste.db.TableName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a table, read from the catalogs. Definitions of its parts are printed by the
 * server, with all names qualified.
 *
 * @param kind the server's letter: {@code r} ordinary, {@code p} partitioned, {@code v} view, ...
 * @param sqlName the name as the server prints it in definitions, quoted where needed
 * @param options storage parameters, as in {@code WITH (...)}; empty if there are none
 * @param primaryKey names of its columns in key order; empty if there is no primary key
 * @param indexes indexes that do not belong to a constraint
 * @param foreignKeys from this table and to it
 * @param triggers triggers of users, without those of replication
 * @param parents inheritance parents, or the partitioned table
 * @param sequences owned by a column, or used in its default
 */
public record TableStructure(
    TableName name,
    String kind,
    String sqlName,
    String owner,
    boolean unlogged,
    String options,
    @Nullable String comment,
    List<Column> columns,
    List<String> primaryKey,
    List<Constraint> constraints,
    List<Index> indexes,
    List<ForeignKey> foreignKeys,
    List<Trigger> triggers,
    List<Rule> rules,
    List<TableName> parents,
    List<Grant> grants,
    List<SequenceStructure> sequences) {

  /**
   * A column.
   *
   * @param baseType the base type of a domain, otherwise the type itself; without type modifier
   * @param expression the default, or the expression of a generated column
   * @param identity {@code a} always, {@code d} by default, empty: no identity
   * @param generated {@code s} stored, {@code v} virtual, empty: an ordinary column
   * @param collation null if it is the type's default
   * @param storage the server's letter; null if it is the type's default
   */
  public record Column(
      String name,
      String type,
      String baseType,
      boolean notNull,
      @Nullable String expression,
      String identity,
      String generated,
      @Nullable String collation,
      @Nullable String storage,
      @Nullable String comment) {
    public boolean isGenerated() {
      return !generated.isEmpty();
    }

    public boolean isIdentity() {
      return !identity.isEmpty();
    }
  }

  /**
   * Primary key ({@code p}), unique ({@code u}), check ({@code c}) or exclusion ({@code x})
   * constraint.
   *
   * @param afterwards statements that restore what {@code definition} does not contain
   * @param removable true if it can be dropped and created again, see {@link CopyObstacles}
   */
  public record Constraint(
      String name, String kind, String definition, List<String> afterwards, boolean removable) {
    public boolean isPrimaryKey() {
      return kind.equals("p");
    }

    public boolean isCheck() {
      return kind.equals("c");
    }
  }

  /**
   * An index.
   *
   * @param definition what follows the table's name in {@code CREATE INDEX}
   */
  public record Index(
      String name,
      boolean unique,
      String definition,
      List<String> afterwards,
      boolean removable,
      boolean valid) {}

  /** A foreign key; {@code definition} is what follows the constraint's name. */
  public record ForeignKey(TableName from, TableName to, String name, String definition) {}

  /** A user trigger; {@code enabled} is the server's letter, by default {@code O}. */
  public record Trigger(String name, String definition, String enabled) {}

  /** A rewrite rule; {@code enabled} as for triggers. */
  public record Rule(String name, String definition, String enabled) {}

  /** A privilege; {@code grantee} is empty for PUBLIC, {@code column} null for the whole table. */
  public record Grant(
      String grantee, String privilege, boolean grantable, @Nullable String column) {}

  public boolean isOrdinary() {
    return kind.equals("r");
  }

  public boolean isPartitioned() {
    return kind.equals("p");
  }

  public Optional<Column> column(String columnName) {
    return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
  }
}
