package dev.jlondiste.replica.obfuscation;

import java.util.Map;

/**
 * The rule of a column.
 *
 * @param rule of the whole value; {@link Rule#KEEP} if there are members
 * @param members rules of the members of a JSON object by name; empty if the value is not one
 */
record ColumnRule(Rule rule, Map<String, ColumnRule> members, boolean isObject) {
  static ColumnRule of(Rule rule) {
    return new ColumnRule(rule, Map.of(), false);
  }

  static ColumnRule ofMembers(Map<String, ColumnRule> members) {
    return new ColumnRule(Rule.KEEP, Map.copyOf(members), true);
  }

  byte[] apply(byte[] value, byte[] key) {
    return isObject ? JsonMembers.apply(members, value, key) : rule.apply(value, key);
  }
}
