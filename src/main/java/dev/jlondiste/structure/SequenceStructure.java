package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import java.util.Optional;

/**
 * A sequence and the column it serves.
 *
 * @param type {@code bigint} before version 10
 * @param column the column that owns it or takes its default from it
 * @param link how it hangs on that column
 */
public record SequenceStructure(
    TableName name,
    String type,
    long start,
    long increment,
    long min,
    long max,
    long cache,
    boolean cycles,
    Optional<String> column,
    Link link) {
  /** How a sequence hangs on a column. */
  public enum Link {
    /** Dropped with the column ({@code serial}). */
    OWNED,
    /** Part of the column ({@code generated as identity}). */
    IDENTITY,
    /** Only named in the column's default, or not looked at. */
    NONE
  }

  /** The statement that creates it on a server of the given version. */
  public String createSql(int targetVersion) {
    String as = targetVersion >= 100000 ? " as " + type : "";
    return "create sequence " + name.quoted() + as + " " + options();
  }

  /** What {@code create sequence} and {@code generated as identity (...)} have in common. */
  String options() {
    return "start with %s increment by %s minvalue %s maxvalue %s cache %s%s"
        .formatted(start, increment, min, max, cache, cycles ? " cycle" : "");
  }

  String ownedBySql(TableName table) {
    return "alter sequence %s owned by %s.%s"
        .formatted(name.quoted(), table.quoted(), Quoting.identifier(column.orElseThrow()));
  }
}
