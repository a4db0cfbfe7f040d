package dev.jlondiste.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The beginning of a command line that runs a class of ours in a JVM of its own. In a build the
 * program is that of the distribution, with its archive of parsed classes: a start then takes half
 * of the time, and many tests start programs.
 */
public final class JavaProgram {
  private JavaProgram() {}

  /** The directory of the distribution, if this is the build that created it. */
  public static Optional<Path> distribution() {
    return Optional.ofNullable(System.getProperty("jlondiste.distribution"))
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  /** The JVM with its options and the class path of this test; the name of the class follows. */
  public static List<String> java(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable")); // the JVM complains of an archive that does not fit
    command.addAll(List.of(options));
    String classPath = System.getProperty("java.class.path");
    Optional<Path> library = distribution().map(directory -> directory.resolve("lib"));
    if (library.isPresent()) {
      // an archive is for class paths that begin like the one it was created with
      classPath = library.get().resolve("jlondiste.jar") + File.pathSeparator + classPath;
      archive(library.get().resolve("archive"))
          .ifPresent(file -> command.add("-XX:SharedArchiveFile=" + file));
    }
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static Optional<Path> archive(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jsa")).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
