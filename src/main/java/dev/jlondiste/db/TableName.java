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

  // Called for every event; the generated methods of a record are slower.
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

  /** The name with schema, unquoted, as stored in {@code londiste.table_info}. */
  public String full() {
    return schema + "." + name;
  }

  /** The name with schema, quoted for SQL. */
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
