package dev.jlondiste.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Servers that offer more extensions than the shared one of their major. A server looks for them
 * beside its own program, so it gets a tree of its own, of links for the most part, and the shared
 * programs stay as they are.
 */
public final class OwnExtensions {
  private static final String EXTENSIONS = "share/postgresql/extension";

  private OwnExtensions() {}

  /**
   * Starts a server that has the extensions of {@code files} beside those that come with it; the
   * caller closes it. Its programs are put together in {@code directory}, which is made.
   */
  public static TestServer start(String major, Path files, Path directory) {
    Assumptions.assumeTrue(
        System.getProperty("jlondiste.servers", "embedded").equals("embedded"),
        "skipped: extension files can only be given to embedded servers");
    Path programs = programs(major);
    try {
      for (String own : List.of("bin", EXTENSIONS)) {
        Files.createDirectories(directory.resolve(own));
      }
      // the server runs as another user when we are root
      for (Path level : List.of(directory, directory.resolveSibling("."))) {
        Files.setPosixFilePermissions(level, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Files.createSymbolicLink(directory.resolve("lib"), programs.resolve("lib"));
      link(programs, directory, "share/postgresql");
      link(programs, directory, EXTENSIONS);
      for (String program : List.of("postgres", "initdb")) {
        // where it is, is where a program looks for the rest: a link would lead back
        Files.copy(
            programs.resolve("bin").resolve(program),
            directory.resolve("bin").resolve(program),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
      try (Stream<Path> all = Files.list(files)) {
        for (Path file : all.toList()) {
          Files.copy(file, directory.resolve(EXTENSIONS).resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return EmbeddedTestServer.ofInstalled(major, directory);
  }

  private static Path programs(String major) {
    try (TestDatabase any = Servers.shared(major).createDatabase()) {
      String bin = any.value("select setting from pg_config where name = 'BINDIR'");
      return Path.of(String.valueOf(bin)).resolveSibling(".").normalize();
    }
  }

  /** Everything in the directory that is not there yet. */
  private static void link(Path from, Path to, String directory) throws IOException {
    try (Stream<Path> all = Files.list(from.resolve(directory))) {
      for (Path file : all.toList()) {
        Path link = to.resolve(directory).resolve(file.getFileName());
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, file);
        }
      }
    }
  }
}
