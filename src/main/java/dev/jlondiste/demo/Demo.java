package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** {@code jlondiste demo}. Called by name from the program's main class. */
public final class Demo {
  private Demo() {}

  /** Returns 0 when both databases were equal in the end, 1 otherwise, 2 for a wrong option. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    DemoOptions options;
    try {
      options = DemoOptions.parse(args);
    } catch (UserError e) {
      report(e, err);
      return 2;
    }
    if (options.help()) {
      out.print(DemoOptions.HELP);
      return 0;
    }
    Screen screen = new Screen(out, options.color() && isTerminal());
    try (Stage stage = Stage.set()) {
      return play(options, screen, stage, err);
    } catch (IOException e) {
      err.println("ERROR: " + e.getMessage());
      return 1;
    }
  }

  private static int play(DemoOptions options, Screen screen, Stage stage, PrintStream err) {
    try {
      return new Migration(options, screen, stage).run(serverJars()) ? 0 : 1;
    } catch (UserError e) {
      if (!stage.isInterrupted()) {
        report(e, err);
      }
    } catch (IOException | SQLException e) {
      if (!stage.isInterrupted()) {
        String message = String.valueOf(e.getMessage());
        err.println(message.startsWith("ERROR: ") ? message : "ERROR: " + message);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private static void report(UserError e, PrintStream err) {
    err.println("ERROR: " + e.text());
  }

  /** The launcher looks at standard output; System.console() would look at more than that. */
  private static boolean isTerminal() {
    return Boolean.getBoolean("jlondiste.terminal")
        && !"dumb".equals(System.getenv("TERM"))
        && System.getenv("NO_COLOR") == null;
  }

  private static Path serverJars() {
    String launcher = System.getProperty("jlondiste.launcher", "");
    if (!launcher.isEmpty()) {
      return Path.of(launcher).resolveSibling("../lib/demo").normalize();
    }
    return Path.of(System.getProperty("jlondiste.postgres.dir", "target/postgres"));
  }
}
