package dev.jlondiste.qadmin;

import dev.jlondiste.cli.ExitCode;
import dev.jlondiste.cli.VersionLine;
import dev.jlondiste.config.Environment;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.log.LineStyle;
import dev.jlondiste.log.LogSetup;
import dev.jlondiste.log.Verbosity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The program {@code qadmin [options]}. */
public final class QadminProgram {
  private static final String PROGRAM = "qadmin";
  private static final String STDIN = "-";

  private final QadminOptions options;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  private QadminProgram(QadminOptions options, InputStream in, PrintStream out, PrintStream err) {
    this.options = options;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the program and returns one of {@link ExitCode}.
   *
   * @param isInteractive true at a terminal: prints prompts, and continues after errors
   */
  public static int run(
      List<String> args, boolean isInteractive, InputStream in, PrintStream out, PrintStream err) {
    QadminOptions options = new QadminOptions();
    CommandLine line = new CommandLine(options).setTrimQuotes(false).setExpandAtFiles(false);
    line.setOverwrittenOptionsAllowed(true).setInterpolateVariables(false);
    try {
      line.parseArgs(args.toArray(new String[0]));
    } catch (CommandLine.ParameterException e) {
      err.println(PROGRAM + ": error: " + e.getMessage());
      err.println("Try: " + PROGRAM + " --help");
      return ExitCode.USAGE;
    }
    if (options.help) {
      line.usage(out, Help.Ansi.OFF);
      return ExitCode.DONE;
    }
    if (options.version) {
      out.println(VersionLine.of(PROGRAM));
      return ExitCode.DONE;
    }
    LogSetup.early(LineStyle.LONDISTE, Verbosity.of(true, 0));
    return new QadminProgram(options, in, out, err).run(isInteractive)
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  /** Returns false if a command failed, except at a terminal. */
  private boolean run(boolean isInteractive) {
    Optional<QadminSession> opened = session();
    if (opened.isEmpty()) {
      return false;
    }
    try (QadminSession session = opened.get()) {
      CommandRunner runner = new CommandRunner(session, out, err, VersionLine.of(PROGRAM));
      if (options.inputs().isEmpty()) {
        return isInteractive ? runInteractively(session, runner) : runStdin(session, runner);
      }
      for (QadminOptions.Input input : options.inputs()) {
        if (!runner.isFinished() && !run(input, session, runner)) {
          return false;
        }
      }
      return true;
    }
  }

  private Optional<QadminSession> session() {
    try {
      return Optional.of(new QadminSession(options.target(), options.queue(), err));
    } catch (UserError e) {
      report("", e);
      return Optional.empty();
    }
  }

  private boolean run(QadminOptions.Input input, QadminSession session, CommandRunner runner) {
    if (!input.isFile()) {
      return runAll(new BufferedReader(new StringReader(input.text())), "", session, runner);
    }
    if (input.text().equals(STDIN)) {
      return runStdin(session, runner);
    }
    try (BufferedReader file = Files.newBufferedReader(Path.of(input.text()))) {
      return runAll(file, input.text(), session, runner);
    } catch (IOException | InvalidPathException e) {
      String reason = e instanceof java.nio.file.NoSuchFileException ? "no such file" : "" + e;
      report("", new UserError("could not read " + input.text() + ": " + reason, null));
      return false;
    }
  }

  private boolean runStdin(QadminSession session, CommandRunner runner) {
    return runAll(
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), "", session, runner);
  }

  /**
   * Runs commands until the first error. {@code file} is shown in errors; empty if there is no
   * file.
   */
  private boolean runAll(
      BufferedReader lines, String file, QadminSession session, CommandRunner runner) {
    StatementReader reader = new StatementReader(continued -> lines.readLine());
    while (!runner.isFinished()) {
      Optional<Statement> statement;
      try {
        statement = reader.next();
      } catch (UserError e) {
        report(file.isEmpty() ? "" : file + ": ", e);
        return false;
      } catch (IOException e) {
        report("", new UserError("could not read " + file + ": " + e.getMessage(), null));
        return false;
      }
      if (statement.isEmpty()) {
        return true;
      }
      String place = file.isEmpty() ? "" : file + ":" + statement.get().line() + ": ";
      if (!perform(statement.get(), place, session, runner)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs commands until {@code exit} or the end of input. Connects first, and returns false if that
   * fails.
   */
  private boolean runInteractively(QadminSession session, CommandRunner runner) {
    try {
      session.database();
    } catch (SQLException e) {
      report("", SqlExplanation.of(e, session.target()));
      return false;
    } catch (UserError e) {
      report("", e);
      return false;
    }
    out.println("Welcome to qadmin. Type 'show help;' for the list of commands, 'exit;' to quit.");
    if (in == System.in) {
      return typed(session, runner);
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    LineSource source =
        continued -> {
          out.print(prompt(session, continued));
          out.flush();
          return lines.readLine();
        };
    return converse(source, session, runner);
  }

  private boolean typed(QadminSession session, CommandRunner runner) {
    Completion completion = new Completion(new DatabaseNames(session));
    try (TerminalLines lines =
        TerminalLines.ofProcess(
            HistoryFile.of(Environment.ofProcess()),
            continued -> prompt(session, continued),
            completion)) {
      return converse(lines, session, runner);
    } catch (IOException e) {
      report("", new UserError("could not use the terminal: " + e.getMessage(), null));
      return false;
    }
  }

  private static String prompt(QadminSession session, boolean continued) {
    return session.place() + (continued ? "-> " : "=> ");
  }

  private boolean converse(LineSource source, QadminSession session, CommandRunner runner) {
    StatementReader reader = new StatementReader(source);
    while (!runner.isFinished()) {
      try {
        Optional<Statement> statement = reader.next();
        if (statement.isEmpty()) {
          return true;
        }
        perform(statement.get(), "", session, runner);
      } catch (UserError e) {
        report("", e);
        return true;
      } catch (LineSource.Abandoned e) {
        reader.abandon();
      } catch (IOException e) {
        report("", new UserError("could not read the terminal: " + e.getMessage(), null));
        return false;
      }
    }
    return true;
  }

  private boolean perform(
      Statement statement, String place, QadminSession session, CommandRunner runner) {
    try {
      CommandParser.parse(statement).runBy(runner);
      out.flush();
      return true;
    } catch (UserError e) {
      report(place, e);
    } catch (SQLException e) {
      report(place, explain(e, session));
    }
    return false;
  }

  private static UserError explain(SQLException e, QadminSession session) {
    String state = SqlFaults.state(e);
    if (state.equals("42501")) {
      return new UserError(
          SqlExplanation.quote(e).problem(),
          "required: ownership of the database to install schemas, role pgq_admin to create and"
              + " change queues, role pgq_reader to register consumers",
          e);
    }
    boolean needsDatabase = state.isEmpty() || state.startsWith("08") || state.equals("25006");
    return needsDatabase || String.valueOf(e.getMessage()).startsWith("connection to server")
        ? SqlExplanation.of(e, session.target())
        : SqlExplanation.quote(e);
  }

  private void report(String place, UserError e) {
    out.flush();
    err.println(place + "ERROR:  " + e.text());
  }
}
