package dev.jlondiste.admin.schema;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.fault.UserError;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The schemas of our database code, in the order in which they are installed. */
public enum SqlSchema {
  PGQ("queues that triggers fill and consumers read in batches"),
  PGQ_NODE("cascades of queues over several databases", PGQ),
  LONDISTE("replicated tables and sequences", PGQ_NODE),
  PGQ_EXT("positions of consumers, kept in the database they write to"),
  PGQ_COOP("several sub-consumers share the work of one consumer", PGQ);

  /** The schemas that a node needs. */
  public static final Set<SqlSchema> STANDARD = Set.of(PGQ, PGQ_NODE, LONDISTE);

  private final String comment;
  private final @Nullable SqlSchema dependency;

  SqlSchema(String comment) {
    this(comment, null);
  }

  SqlSchema(String comment, @Nullable SqlSchema dependency) {
    this.comment = comment;
    this.dependency = dependency;
  }

  /** The schemas of these names, and those that they depend on. */
  public static Set<SqlSchema> named(Collection<String> names) {
    Set<SqlSchema> result = EnumSet.noneOf(SqlSchema.class);
    names.forEach(name -> result.addAll(withDependencies(named(name)).toList()));
    return result;
  }

  private static SqlSchema named(String name) {
    List<String> known = Stream.of(values()).map(SqlSchema::sqlName).toList();
    if (!known.contains(name)) {
      throw new UserError(
          "cannot install \"%s\"%s".formatted(name, Spelling.guess(name, known)),
          "possible schemas: " + String.join(", ", known));
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Stream<SqlSchema> withDependencies(SqlSchema schema) {
    return Stream.concat(
        schema.dependency().stream().flatMap(SqlSchema::withDependencies), Stream.of(schema));
  }

  /** The name of the schema in the database, and of its extension. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The comment of its extension. */
  String comment() {
    return comment;
  }

  /** The schema that it depends on, which may depend on another. */
  Optional<SqlSchema> dependency() {
    return Optional.ofNullable(dependency);
  }

  /** The script that installs it, or upgrades an installed one. */
  SqlScript script() {
    return SqlScript.load(sqlName() + "/install.sql");
  }
}
