package dev.jlondiste.db;

/**
 * A table or sequence as Londiste names it: everything before the first dot is the schema, the rest
 * the name, both unquoted and case-sensitive; without a dot the schema is {@code public}.
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  public TableName {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "empty schema or table name: '" + schema + "." + name + "'");
    }
  }

  // Tables are looked up for every event, and what a record brings along for this is slower.
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof TableName that
            && name.equals(that.name)
            && schema.equals(that.schema));
  }

  @Override
  public int hashCode() {
    return 31 * schema.hashCode() + name.hashCode();
  }

  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TableName("public", text)
        : new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** As stored in {@code londiste.table_info}: unquoted, with schema. */
  public String full() {
    return schema + "." + name;
  }

  /** As written in SQL. */
  public String quoted() {
    return Quoting.identifier(schema) + "." + Quoting.identifier(name);
  }

  @Override
  public int compareTo(TableName other) {
    return full().compareTo(other.full());
  }

  @Override
  public String toString() {
    return full();
  }
}
