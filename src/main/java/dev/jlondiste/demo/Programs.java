package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the programs of the distribution as an operator does: as processes of their own, in the
 * directory that has the ini files, after showing the command line.
 */
final class Programs {
  private final Path directory;
  private final Screen screen;

  Programs(Path directory, Screen screen) {
    this.directory = directory;
    this.screen = screen;
  }

  /** Throws when the program fails. */
  void run(String program, String... args) throws IOException, InterruptedException {
    int exitCode = exitCodeOf(program, args);
    if (exitCode != 0) {
      throw new UserError(program + " ended with exit code " + exitCode, null);
    }
  }

  int exitCodeOf(String program, String... args) throws IOException, InterruptedException {
    screen.command(program + " " + shellWords(args));
    List<String> command = new ArrayList<>(start(program));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    // What the connect strings leave open must not come from elsewhere.
    builder.environment().keySet().removeIf(key -> key.startsWith("PG"));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    process.getOutputStream().close();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        screen.output(line);
      }
    }
    return process.waitFor();
  }

  /** How to call a program from elsewhere. */
  String shown(String program) {
    return shellWords(start(program).toArray(String[]::new));
  }

  /** The launcher, or without one this JVM's own programs again. */
  private static List<String> start(String program) {
    String launcher = System.getProperty("jlondiste.launcher", "");
    if (!launcher.isEmpty()) {
      return List.of(Path.of(launcher).resolveSibling(program).toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "-Djlondiste.program=" + program,
        "dev.jlondiste.Main");
  }

  private static String shellWords(String... words) {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      int equals = word.startsWith("--") ? word.indexOf('=') + 1 : 0;
      String value = word.substring(equals);
      quoted.add(
          value.matches("[\\w./:=@-]*")
              ? word
              : word.substring(0, equals) + "'" + value.replace("'", "'\\''") + "'");
    }
    return String.join(" ", quoted);
  }
}
