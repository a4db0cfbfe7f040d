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

  /** What nodes need. */
  public static final Set<SqlSchema> STANDARD = Set.of(PGQ, PGQ_NODE, LONDISTE);

  private final String comment;
  private final @Nullable SqlSchema needs;

  SqlSchema(String comment) {
    this(comment, null);
  }

  SqlSchema(String comment, @Nullable SqlSchema needs) {
    this.comment = comment;
    this.needs = needs;
  }

  /** Those of the names, in any order, and what they need. */
  public static Set<SqlSchema> named(Collection<String> names) {
    Set<SqlSchema> result = EnumSet.noneOf(SqlSchema.class);
    names.forEach(name -> result.addAll(withNeeds(named(name)).toList()));
    return result;
  }

  private static SqlSchema named(String name) {
    List<String> known = Stream.of(values()).map(SqlSchema::sqlName).toList();
    if (!known.contains(name)) {
      throw new UserError(
          "cannot install \"%s\"%s".formatted(name, Spelling.guess(name, known)),
          "what can be installed: " + String.join(", ", known));
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Stream<SqlSchema> withNeeds(SqlSchema schema) {
    return Stream.concat(schema.needs().stream().flatMap(SqlSchema::withNeeds), Stream.of(schema));
  }

  /** As the schema is called in the database, and its extension. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is for, in one line. */
  String comment() {
    return comment;
  }

  /** The schema that it builds on; that one may need another. */
  Optional<SqlSchema> needs() {
    return Optional.ofNullable(needs);
  }

  /** Installs it; upgrades it where it is installed. */
  SqlScript script() {
    return SqlScript.load(sqlName() + "/install.sql");
  }
}
