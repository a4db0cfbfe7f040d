package dev.jlondiste;

import dev.jlondiste.cli.CompanionProgram;
import dev.jlondiste.cli.ExtensionFilesProgram;
import dev.jlondiste.cli.LondisteProgram;
import dev.jlondiste.cli.PgqdProgram;
import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.config.HostZone;
import dev.jlondiste.qadmin.QadminProgram;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;

/** One program under several names; the launcher says which one was called. */
public final class Main {
  private static final String QADMIN = "qadmin";
  private static final String DEMO = "dev.jlondiste.demo.Demo";

  private Main() {}

  public static void main(String[] args) {
    HostZone.runInUtc();
    String program = System.getProperty("jlondiste.program", "jlondiste");
    System.exit(run(program, List.of(args), System.in, System.out, System.err));
  }

  /** Returns the exit code. */
  static int run(
      String program, List<String> args, InputStream in, PrintStream out, PrintStream err) {
    if (program.equals("jlondiste") && !args.isEmpty()) {
      List<String> rest = args.subList(1, args.size());
      switch (args.get(0)) {
        case "demo" -> {
          return demo(rest, out, err);
        }
        case "extension-files" -> {
          return ExtensionFilesProgram.run(rest, out, err);
        }
        case QADMIN -> {
          return run(QADMIN, rest, in, out, err);
        }
        default -> {
          Optional<CompanionKind> companion = CompanionKind.called(args.get(0));
          if (companion.isPresent()) {
            String name = program + " " + args.get(0);
            return CompanionProgram.run(companion.get(), name, rest, args, out, err);
          }
        }
      }
    }
    Optional<CompanionKind> companion = CompanionKind.called(program);
    if (companion.isPresent()) {
      return CompanionProgram.run(companion.get(), program, args, args, out, err);
    }
    return switch (program) {
      case "pgqd" -> PgqdProgram.run(args, out, err);
      case QADMIN -> QadminProgram.run(args, isKeyboard(), in, out, err);
      default -> LondisteProgram.run(args, program, out, err);
    };
  }

  /** True in an interactive session; the launcher detects it. */
  private static boolean isKeyboard() {
    return Boolean.getBoolean("jlondiste.keyboard") && Boolean.getBoolean("jlondiste.terminal");
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
}
