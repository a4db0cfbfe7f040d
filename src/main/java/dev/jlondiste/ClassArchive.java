package dev.jlondiste;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Loads what commands are going to need and ends. Run by the build with {@code
 * -XX:ArchiveClassesAtExit}: commands then map these classes instead of reading and verifying them,
 * which is most of what a short command does.
 */
final class ClassArchive {
  /**
   * Packages of libraries that a command uses as a whole; of others it needs what ours refer to.
   */
  private static final List<String> PACKAGES =
      List.of(
          "dev/jlondiste/",
          "org/postgresql/",
          "picocli/",
          "org/ini4j/",
          "org/slf4j/",
          "ch/qos/logback/core/",
          "ch/qos/logback/classic/",
          "com/fasterxml/jackson/core/",
          "com/zaxxer/hikari/");

  private ClassArchive() {}

  public static void main(String[] args) throws IOException, URISyntaxException {
    Path jar =
        Path.of(ClassArchive.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int loaded = 0;
    for (Path file : beside(jar)) {
      loaded += load(file);
    }
    if (loaded == 0) {
      throw new IllegalStateException("no classes beside " + jar);
    }
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    InputStream nothing = InputStream.nullInputStream();
    Main.run("londiste3", List.of("--version"), nothing, nowhere, nowhere);
    Main.run("londiste3", List.of("--help"), nothing, nowhere, nowhere);
    Main.run("qadmin", List.of("--help"), nothing, nowhere, nowhere);
  }

  private static List<Path> beside(Path jar) throws IOException {
    try (Stream<Path> files = Files.list(jar.resolveSibling("."))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static int load(Path file) throws IOException {
    int loaded = 0;
    try (JarFile jar = new JarFile(file.toFile())) {
      for (String name : jar.stream().map(JarEntry::getName).toList()) {
        if (name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith)) {
          loaded += load(name.substring(0, name.length() - 6).replace('/', '.'));
        }
      }
    }
    return loaded;
  }

  /** Some classes need libraries that are missing here; the program does not use those classes. */
  private static int load(String className) {
    try {
      Class.forName(className, false, ClassArchive.class.getClassLoader());
      return 1;
    } catch (ClassNotFoundException | LinkageError e) {
      return 0;
    }
  }
}
