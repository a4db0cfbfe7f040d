package dev.jlondiste.cluster;

import dev.jlondiste.cli.LondisteProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands as an operator types them, run in this JVM. */
public final class CommandLine {
  private CommandLine() {}

  /**
   * The result of a command.
   *
   * @param out what it printed
   * @param log what it added to the log file: level and text per line
   */
  public record Outcome(int code, String out, String log) {}

  public static Outcome run(TestNode node, String... words) {
    List<String> all = new ArrayList<>(List.of(node.ini().toString()));
    all.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Path file = node.settings().job().logfile().orElseThrow();
    int before = read(file).length();
    int code = LondisteProgram.run(all, "londiste3", print, print);
    String log =
        read(file)
            .substring(before)
            .replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\d \\S+ \\d+ ", "")
            // A worker in this JVM logs its statistics, and its copies their end, to the same
            // logger.
            .replaceAll("(?m)^INFO \\{.*\\}\\n", "")
            .replaceAll("(?m)^INFO (\\S+: )?Unregistering consumer from source queue\\n", "")
            .replaceAll("(?m)^INFO Consumer \\S+\\.copy\\.\\S+ unregistered from \\S+\\n", "");
    return new Outcome(code, out.toString(StandardCharsets.UTF_8), log);
  }

  /** For an invalid ini file; the log is the text on stderr. */
  public static Outcome runOn(Path ini, String... words) {
    List<String> all = new ArrayList<>(List.of(ini.toString()));
    all.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream stderr = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      int code = LondisteProgram.run(all, "londiste3", print, print);
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(stderr);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
