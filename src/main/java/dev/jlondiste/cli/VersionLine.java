package dev.jlondiste.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The output of {@code --version}; scripts parse its beginning. */
public final class VersionLine {
  /** The version of Skytools that the programs are compatible with. */
  private static final String COMPATIBLE_WITH = "3.8";

  private VersionLine() {}

  public static String of(String program) {
    return program + ", Skytools version " + COMPATIBLE_WITH + " (jlondiste " + own() + ")";
  }

  static String own() {
    try (InputStream in =
        VersionLine.class.getResourceAsStream("/dev/jlondiste/version.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
