package dev.jlondiste.admin.compare;

import dev.jlondiste.fault.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the statements that make local rows equal to those of the source to a file, {@code
 * fix.SCHEMA.TABLE.sql}. It has its name only when it is complete; without differences there is no
 * file. All deletes of the table go first, and all inserts last, because a row may have the value
 * that another one is to have in a unique column; so each kind is a file of its own until the end.
 */
final class FixFile implements DifferenceSearch.Sink, AutoCloseable {
  private static final String HEAD =
      """
      -- Makes rows of %s equal to those of its source. Run it on this node, for example with
      -- psql -v ON_ERROR_STOP=1 -f, as soon as possible. Updates and deletes leave rows as they are
      -- that have changed since. If an insert fails, because the row has arrived, nothing changes.
      begin;
      set local client_encoding = 'UTF8';
      set local lc_monetary = 'C';
      set local array_nulls = on;
      set local xmloption = content;
      set local datestyle = 'ISO, YMD';
      set local intervalstyle = 'postgres';
      set local timezone = 'UTC';
      set local extra_float_digits = 3;
      set local bytea_output = 'hex';
      set local standard_conforming_strings = on;
      select londiste.set_session_replication_role('replica', true);
      """;

  private final ComparedTable table;
  private final RowFix fix;
  private final DifferenceReport found;
  private final Path file;
  private final Map<Part, BufferedWriter> parts = new EnumMap<>(Part.class);

  /** The parts of the file, in their order. */
  private enum Part {
    DELETES,
    UPDATES,
    INSERTS,
    RETURNS
  }

  /** Removes an earlier file. {@code found} counts what is written. */
  FixFile(Path directory, ComparedTable table, DifferenceReport found) {
    this.table = table;
    this.fix = new RowFix(table);
    this.found = found;
    this.file = directory.resolve("fix." + table.local().name().full().replace('/', '_') + ".sql");
    writing(() -> Files.deleteIfExists(file));
  }

  Path file() {
    return file;
  }

  private Path unfinished(Part part) {
    return file.resolveSibling(
        file.getFileName() + "." + part.name().toLowerCase(Locale.ROOT) + ".tmp");
  }

  @Override
  public List<RowKey> accept(List<Difference> differences, long tick) {
    RowFix.Statements statements = fix.of(differences);
    writing(
        () -> {
          if (parts.isEmpty()) {
            begin();
          }
          write(Part.DELETES, statements.deletes());
          write(Part.UPDATES, statements.updates());
          write(Part.INSERTS, statements.inserts());
          write(Part.RETURNS, statements.returns());
        });
    return found.add(differences);
  }

  private void begin() throws IOException {
    for (Part part : Part.values()) {
      parts.put(part, Files.newBufferedWriter(unfinished(part)));
    }
    writer(Part.DELETES).write(HEAD.formatted(table.local().name().full().replaceAll("\\R", " ")));
  }

  private BufferedWriter writer(Part part) {
    return Objects.requireNonNull(parts.get(part));
  }

  private void write(Part part, List<String> statements) throws IOException {
    for (String statement : statements) {
      writer(part).write(statement + ";\n");
    }
  }

  /** Ends the file. */
  void finish() {
    if (parts.isEmpty()) {
      return;
    }
    writing(
        () -> {
          writer(Part.RETURNS).write("commit;\n");
          for (BufferedWriter writer : parts.values()) {
            writer.close();
          }
          Path first = unfinished(Part.DELETES);
          try (OutputStream all = Files.newOutputStream(first, StandardOpenOption.APPEND)) {
            for (Part part : List.of(Part.UPDATES, Part.INSERTS, Part.RETURNS)) {
              Files.copy(unfinished(part), all);
            }
          }
          Files.move(first, file, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /** Removes what is unfinished. */
  @Override
  public void close() {
    writing(
        () -> {
          for (Map.Entry<Part, BufferedWriter> part : parts.entrySet()) {
            part.getValue().close();
            Files.deleteIfExists(unfinished(part.getKey()));
          }
        });
  }

  /** An operation on files. */
  @FunctionalInterface
  private interface FileAction {
    void run() throws IOException;
  }

  private void writing(FileAction action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new UserError(
          "cannot write " + file.toAbsolutePath() + ": " + e,
          "run repair in a directory with enough space that this user may write to, or use --apply",
          e);
    }
  }
}
