package dev.jlondiste;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Properties;

/** One program under several names; the launcher says which one was called. */
public final class Main {
  private static final String DEMO = "dev.jlondiste.demo.Demo";

  private Main() {}

  public static void main(String[] args) {
    String program = System.getProperty("jlondiste.program", "jlondiste");
    System.exit(run(program, List.of(args), System.out, System.err));
  }

  /** Returns the exit code. */
  static int run(String program, List<String> args, PrintStream out, PrintStream err) {
    if (program.equals("jlondiste") && !args.isEmpty() && args.get(0).equals("demo")) {
      return demo(args.subList(1, args.size()), out, err);
    }
    // Until the commands are here.
    if (args.contains("--version")) {
      out.println("londiste, Skytools version 3.8 (jlondiste " + version() + ")");
      return 0;
    }
    err.println("ERROR: " + program + " has no commands yet");
    return 1;
  }

  /**
   * The demo's libraries are on the class path only if the launcher has seen its name, so nothing
   * here may refer to it.
   */
  private static int demo(List<String> args, PrintStream out, PrintStream err) {
    try {
      return (int)
          Class.forName(DEMO)
              .getMethod("run", List.class, PrintStream.class, PrintStream.class)
              .invoke(null, args, out, err);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("demo failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(DEMO + " is not in this build", e);
    }
  }

  private static String version() {
    try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
