package dev.jlondiste.admin.tables;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The encoding and collation of a database.
 *
 * @param encoding by the server's name
 * @param collation the default, by which text is sorted unless a column has another
 */
record TextSettings(String encoding, String collation) {
  private static final String ANY_BYTES = "SQL_ASCII";
  private static final Set<String> TEXT =
      Set.of("text", "character varying", "character", "bpchar");

  /**
   * PostgreSQL 9.6 to 14 have no locale provider for databases; the query then returns datcollate.
   */
  private static final String SETTINGS =
      """
      select getdatabaseencoding()::text,
             coalesce(nullif(coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'), '')
                      || ' (' || (to_jsonb(d) ->> 'datlocprovider') || ')', d.datcollate)
        from pg_catalog.pg_database d
       where d.datname = current_database()
      """;

  static TextSettings of(Connection db) throws SQLException {
    return Sql.one(db, SETTINGS, row -> new TextSettings(row.getString(1), row.getString(2)));
  }

  /** Describes which texts may not fit the local encoding; empty if all do. */
  static Optional<String> encodings(TextSettings there, TextSettings here) {
    if (there.encoding.equals(here.encoding)) {
      return Optional.empty();
    }
    String problem;
    if (there.encoding.equals(ANY_BYTES)) {
      problem = "a row with bytes that are not valid in " + here.encoding + " cannot arrive";
    } else if (here.encoding.equals(ANY_BYTES)) {
      problem = "texts arrive in " + there.encoding + " and are not converted";
    } else if (here.encoding.equals("UTF8")) {
      return Optional.empty(); // which has every character
    } else {
      problem = "a row with characters that " + here.encoding + " lacks cannot arrive";
    }
    return Optional.of(
        "encoding is %s there and %s here: %s".formatted(there.encoding, here.encoding, problem));
  }

  /** Text columns of the primary key whose collation differs; one line each. */
  static List<String> keys(
      TextSettings there, TableStructure model, TextSettings here, TableStructure local) {
    List<String> differences = new ArrayList<>();
    for (String key : local.primaryKey()) {
      Optional<Column> theirs = model.column(key);
      Optional<Column> ours = local.column(key);
      if (theirs.isPresent() && ours.isPresent() && TEXT.contains(ours.get().baseType())) {
        String from = there.collation(theirs.get());
        String to = here.collation(ours.get());
        if (!normalized(from).equals(normalized(to))) {
          differences.add(label(local.name(), key) + ": " + from + " there and " + to + " here");
        }
      }
    }
    return differences;
  }

  private static String label(TableName table, String column) {
    return table + "." + column;
  }

  private String collation(Column column) {
    return Objects.requireNonNullElse(column.collation(), collation);
  }

  /**
   * Maps spellings of one collation to one name, such as {@code en_US.UTF-8} and {@code
   * en_US.utf8}.
   */
  private static String normalized(String collation) {
    String plain = collation.toLowerCase(Locale.ROOT).replace("-", "");
    return plain.equals("posix") ? "c" : plain;
  }
}
