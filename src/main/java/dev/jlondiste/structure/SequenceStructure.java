package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import java.util.Optional;

/**
 * The definition of a sequence, and the column it belongs to.
 *
 * @param type {@code bigint} before version 10
 * @param column the column that owns it or uses it in its default
 * @param link its relation to that column
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
  /** The relation of a sequence to a column. */
  public enum Link {
    /** Dropped with the column ({@code serial}). */
    OWNED,
    /** Part of the column ({@code generated as identity}). */
    IDENTITY,
    /** Only used in the column's default, or read without a column. */
    NONE
  }

  /** The statement that creates it on a server of that version. */
  public String createSql(int targetVersion) {
    String as = targetVersion >= 100000 ? " as " + type : "";
    return "create sequence " + name.quoted() + as + " " + options();
  }

  /** The options common to {@code create sequence} and {@code generated as identity (...)}. */
  String options() {
    return "start with %s increment by %s minvalue %s maxvalue %s cache %s%s"
        .formatted(start, increment, min, max, cache, cycles ? " cycle" : "");
  }

  String ownedBySql(TableName table) {
    return "alter sequence %s owned by %s.%s"
        .formatted(name.quoted(), table.quoted(), Quoting.identifier(column.orElseThrow()));
  }
}
