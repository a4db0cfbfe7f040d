package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the programs of the distribution as an operator does: as processes in the directory of the
 * ini files. Prints their command lines first.
 */
final class Programs {
  private final Path directory;
  private final Screen screen;

  Programs(Path directory, Screen screen) {
    this.directory = directory;
    this.screen = screen;
  }

  /** Throws if the program fails. */
  void run(String program, String... args) throws IOException, InterruptedException {
    int exitCode = exitCodeOf(program, args);
    if (exitCode != 0) {
      throw new UserError(program + " ended with exit code " + exitCode, null);
    }
  }

  int exitCodeOf(String program, String... args) throws IOException, InterruptedException {
    screen.command(program + " " + shellWords(args));
    List<String> command = new ArrayList<>(commandOf(program));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    // Values missing from the connect strings must not come from the environment.
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

  /** The command line of a program, for use in another directory. */
  String commandLine(String program) {
    return shellWords(commandOf(program).toArray(String[]::new));
  }

  /** The launcher, or without one this JVM's program and class path. */
  private static List<String> commandOf(String program) {
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
