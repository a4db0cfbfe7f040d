package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The command {@code jlondiste demo}. The main class loads it by name. */
public final class Demo {
  private Demo() {}

  /** Returns 0 if both databases are equal at the end, 1 if not, 2 for wrong options. */
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
    try (DemoEnvironment environment = DemoEnvironment.create()) {
      return migrate(options, screen, environment, err);
    } catch (IOException e) {
      err.println("ERROR: " + e.getMessage());
      return 1;
    }
  }

  private static int migrate(
      DemoOptions options, Screen screen, DemoEnvironment environment, PrintStream err) {
    try {
      return new Migration(options, screen, environment).run(serverJars()) ? 0 : 1;
    } catch (UserError e) {
      if (!environment.isInterrupted()) {
        report(e, err);
      }
    } catch (IOException | SQLException e) {
      if (!environment.isInterrupted()) {
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

  /** The launcher checks standard output; System.console() would also check standard input. */
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
