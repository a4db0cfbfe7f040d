package dev.jlondiste.admin;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Database code of earlier releases, from which tests upgrade. */
public final class PreviousRelease {
  private PreviousRelease() {}

  /** Installs all of release 1.0.0, as its own scripts did. */
  public static void install(TestDatabase database) {
    install(database, "release-1.0.0.sql.gz");
  }

  /** Installs 1.1.0 of before its release: the helpers of native capture have former names. */
  public static void installPreview(TestDatabase database) {
    install(database, "release-1.1.0-preview.sql.gz");
  }

  private static void install(TestDatabase database, String name) {
    try (InputStream packed =
            Objects.requireNonNull(PreviousRelease.class.getResourceAsStream(name));
        InputStream text = new GZIPInputStream(packed)) {
      database.execute(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
