package dev.jlondiste.admin.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A script of the program's database code, with the includes of {@code psql -f}: {@code \ir}
 * includes a file relative to the including one, everything else is SQL.
 */
record SqlScript(List<Part> parts) {
  private static final String INCLUDE = "\\ir ";

  /** A part of a file, between two includes. */
  record Part(String file, String sql) {}

  /** {@code path} is relative to the distribution's {@code sql} directory. */
  static SqlScript load(String path) {
    List<Part> parts = new ArrayList<>();
    read("/sql/" + path, parts);
    return new SqlScript(List.copyOf(parts));
  }

  private static void read(String file, List<Part> parts) {
    StringBuilder sql = new StringBuilder();
    for (String line : text(file).lines().toList()) {
      if (line.startsWith(INCLUDE)) {
        add(file, sql, parts);
        String directory = file.substring(0, file.lastIndexOf('/') + 1);
        read(directory + line.substring(INCLUDE.length()).strip(), parts);
      } else {
        sql.append(line).append('\n');
      }
    }
    add(file, sql, parts);
  }

  private static void add(String file, StringBuilder sql, List<Part> parts) {
    if (!sql.toString().isBlank()) {
      parts.add(new Part(file, sql.toString()));
    }
    sql.setLength(0);
  }

  private static String text(String file) {
    try (InputStream in = SqlScript.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("not in this build: " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole text, with its includes. */
  String text() {
    return parts.stream().map(Part::sql).collect(Collectors.joining("\n"));
  }

  /** Runs the script in the caller's transaction; errors name the file. */
  void run(Connection local) throws SQLException {
    for (Part part : parts) {
      try (Statement statement = local.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(part.sql());
      } catch (SQLException e) {
        throw new SQLException(part.file() + ": " + e.getMessage(), e.getSQLState(), e);
      }
    }
  }
}
