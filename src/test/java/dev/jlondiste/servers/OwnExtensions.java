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
 * Servers with more extensions than the shared server of their major version. A server searches
 * extensions relative to its program, so each gets a directory tree of its own, mostly of links;
 * the shared programs remain unchanged.
 */
public final class OwnExtensions {
  private static final String EXTENSIONS = "share/postgresql/extension";

  private OwnExtensions() {}

  /**
   * Starts a server with the additional extension files {@code files}; the caller closes it. Its
   * programs are linked into {@code directory}, which is created.
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
      // as root, the server runs as another user
      for (Path level : List.of(directory, directory.resolveSibling("."))) {
        Files.setPosixFilePermissions(level, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Files.createSymbolicLink(directory.resolve("lib"), programs.resolve("lib"));
      link(programs, directory, "share/postgresql");
      link(programs, directory, EXTENSIONS);
      for (String program : List.of("postgres", "initdb")) {
        // copied, because a program finds its other files relative to its real path
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

  /** Links the files of a directory that do not exist in the target. */
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
