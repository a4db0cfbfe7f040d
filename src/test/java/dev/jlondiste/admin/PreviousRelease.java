package dev.jlondiste.admin;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The database code of release 1.0.0, from which tests upgrade. */
public final class PreviousRelease {
  private PreviousRelease() {}

  /** Installs all of it, as its own scripts did. */
  public static void install(TestDatabase database) {
    try (InputStream packed =
            Objects.requireNonNull(
                PreviousRelease.class.getResourceAsStream("release-1.0.0.sql.gz"));
        InputStream text = new GZIPInputStream(packed)) {
      database.execute(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
