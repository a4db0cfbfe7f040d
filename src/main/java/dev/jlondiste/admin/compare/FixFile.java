package dev.jlondiste.admin.compare;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statements that make local rows equal to those of the source to a file, {@code
 * fix.SCHEMA.TABLE.sql}. It has its name only when it is complete; without differences there is no
 * file.
 */
final class FixFile implements DifferenceSearch.Sink, AutoCloseable {
  private static final String HEAD =
      """
      -- Makes rows of %s equal to those of its source. Run it on this node. Updates and deletes
      -- leave rows as they are that have changed since.
      begin;
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
  private @Nullable BufferedWriter out;

  /** Removes an earlier file. {@code found} counts what is written. */
  FixFile(Path directory, ComparedTable table, DifferenceReport found) {
    this.table = table;
    this.fix = new RowFix(table);
    this.found = found;
    this.file = directory.resolve("fix." + table.local().name().full().replace('/', '_') + ".sql");
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  private Path unfinished() {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  @Override
  public List<RowKey> accept(List<Difference> differences, long tick) {
    try {
      BufferedWriter writer = out;
      if (writer == null) {
        writer = Files.newBufferedWriter(unfinished());
        writer.write(HEAD.formatted(table.local().name()));
        out = writer;
      }
      for (String statement : fix.of(differences).all()) {
        writer.write(statement + ";\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.add(differences);
  }

  /** Ends the file. */
  void finish() {
    BufferedWriter writer = out;
    if (writer == null) {
      return;
    }
    try {
      writer.write("commit;\n");
      writer.close();
      Files.move(unfinished(), file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out = null;
  }

  @Override
  public void close() {
    BufferedWriter writer = out;
    if (writer != null) {
      try {
        writer.close();
        Files.deleteIfExists(unfinished());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
