package dev.jlondiste.replica.obfuscation;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The rules of a table. Thread-safe. */
public final class TableRules {
  private final Map<String, ColumnRule> columns;
  private final byte[] key;

  /** {@code key} is that of the hashes. */
  TableRules(Map<String, ColumnRule> columns, String key) {
    this.columns = Map.copyOf(columns);
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  private ColumnRule rule(String column) {
    return columns.getOrDefault(column, ColumnRule.of(Rule.SKIP));
  }

  /** True if the column is left out: it has no rule, or the rule {@code skip}. */
  public boolean leavesOut(String column) {
    return !rule(column).isObject() && rule(column).rule() == Rule.SKIP;
  }

  /** True if values stay as they are. */
  public boolean keeps(String column) {
    return !rule(column).isObject() && rule(column).rule() == Rule.KEEP;
  }

  /** True if many values may become the same, so that a key with the rule identifies no row. */
  public boolean isAmbiguous(String column) {
    return rule(column).isObject() || rule(column).rule() == Rule.BOOL;
  }

  /** True if a hash is so short that two of many values are likely to have the same. */
  public boolean mayCollide(String column) {
    return !rule(column).isObject() && rule(column).rule() == Rule.HASH32;
  }

  /** The SQL type of the values that replace those of a column; empty if the type stays. */
  public Optional<String> type(String column) {
    return Optional.of(rule(column).rule().type()).filter(type -> !type.isEmpty());
  }

  /** The text that replaces a value; both in the encoding of the database. */
  public byte[] apply(String column, byte[] value) {
    return rule(column).apply(value, key);
  }
}
