package dev.jlondiste.structure;

import dev.jlondiste.db.TableName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalogue describes it. Every definition is the server's own text with all names
 * qualified.
 *
 * @param kind the server's letter: {@code r} ordinary, {@code p} partitioned, {@code v} view, ...
 * @param sqlName the name as the server writes it in definitions: quoted where needed
 * @param options storage parameters, as written in {@code WITH (...)}; empty when there are none
 * @param primaryKey its columns in key order; empty without a primary key
 * @param indexes those that do not belong to a constraint
 * @param foreignKeys from this table and to it
 * @param triggers the user's, never those of replication
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
   * @param baseType the type below domains, without modifier
   * @param expression default, or what a generated column computes
   * @param identity {@code a} always, {@code d} by default, empty: no identity
   * @param generated {@code s} stored, {@code v} virtual, empty: an ordinary column
   * @param collation only when it is not the type's own
   * @param storage the server's letter, only when it is not the type's own
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
   * @param afterwards statements that restore what a plain re-creation would lose
   * @param removable false when the server would refuse to drop it by itself
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

  /** A user trigger; {@code enabled} is the server's letter, {@code O} being the usual one. */
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
