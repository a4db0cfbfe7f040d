package dev.jlondiste.cli;

import dev.jlondiste.admin.CopyGuard;
import dev.jlondiste.cli.NodeSession.Invocation;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.SampleIni;
import dev.jlondiste.daemon.Background;
import dev.jlondiste.daemon.DaemonSignal;
import dev.jlondiste.daemon.PidFile;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.log.LineStyle;
import dev.jlondiste.log.LogSetup;
import dev.jlondiste.log.Verbosity;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code londiste3 [options] INI COMMAND [args] [options]}: runs one command and returns its exit
 * code.
 *
 * <p>A command line is read twice. The first pass uses the options of all commands to find the ini
 * file and the command, because options may be anywhere on the line and some take a value. The
 * second pass uses only the options of that command.
 */
public final class LondisteProgram {
  private static final Logger log = LoggerFactory.getLogger(LondisteProgram.class);

  private final Commands commands = new Commands();

  private LondisteProgram() {}

  /** Returns the exit code, one of {@link ExitCode}. Exceptions are logged, not thrown. */
  public static int run(List<String> args, String programName, PrintStream out, PrintStream err) {
    return new LondisteProgram().execute(args, programName, out, err);
  }

  private int execute(List<String> args, String programName, PrintStream out, PrintStream err) {
    try {
      return new Call(args, programName, commands.reader().read(args), out, err).run();
    } catch (UsageError e) {
      err.println(HelpText.usage(programName));
      err.println();
      err.println(programName + ": error: " + e.problem());
      return ExitCode.USAGE;
    }
  }

  /** The execution of one command line. */
  private final class Call {
    private final List<String> args;
    private final String program;
    private final Arguments words;
    private final PrintStream out;
    private final PrintStream err;
    private final CommonOptions common;

    Call(List<String> args, String program, Arguments words, PrintStream out, PrintStream err) {
      this.args = args;
      this.program = program;
      this.words = words;
      this.out = out;
      this.err = err;
      this.common = bind(new CommonOptions(), List.of());
    }

    int run() {
      if (common.version) {
        out.println(VersionLine.of("londiste"));
        return ExitCode.DONE;
      }
      if (common.help) {
        return help();
      }
      if (common.ini) {
        out.print(SampleIni.node(section(), common.overrides()));
        return ExitCode.DONE;
      }
      if (words.plain().isEmpty()) {
        out.println("need config file, use --help for help.");
        return ExitCode.FAILED;
      }
      LogSetup.early(LineStyle.LONDISTE, verbosity());
      return reporting(this::runOnIni);
    }

    private int help() {
      Optional<NodeCommand> command =
          words.plain().stream().map(commands::find).flatMap(Optional::stream).findFirst();
      command.ifPresentOrElse(
          found -> HelpText.printOne(program, found, out),
          () -> HelpText.printAll(program, commands, out));
      return ExitCode.DONE;
    }

    private int runOnIni() throws SQLException, InterruptedException {
      Invocation invocation =
          new Invocation(
              program,
              Path.of(words.plain().get(0)),
              common.overrides(),
              List.copyOf(common.dead),
              args,
              common.daemon);
      Optional<DaemonSignal> signal = common.signal();
      if (signal.isPresent()) {
        return SentSignal.send(signal.get(), invocation.settings().job());
      }
      if (words.plain().size() < 2) {
        out.println("need command");
        return ExitCode.FAILED;
      }
      String name = words.plain().get(1);
      Optional<NodeCommand> command = commands.find(name);
      if (command.isEmpty()) {
        out.println("Unknown command '" + name + "', use --help for help");
        commands.nearest(name).ifPresent(near -> out.println("Did you mean '" + near + "'?"));
        return ExitCode.FAILED;
      }
      List<String> ignored = new OptionCheck(command.get()).ignored(words.options());
      NodeSettings settings = invocation.settings();
      LogSetup.londiste(settings.job(), verbosity(), true);
      ignored.forEach(option -> log.info("option {} has no effect on '{}'", option, name));
      try {
        return lockAndRun(command.get(), invocation, settings);
      } catch (SQLException e) {
        throw SqlExplanation.of(e, settings.db());
      }
    }

    private String section() {
      return program.equals("londiste") ? "londiste" : "londiste3";
    }

    private int lockAndRun(NodeCommand command, Invocation invocation, NodeSettings settings)
        throws SQLException, InterruptedException {
      Optional<Path> pidfile = settings.job().pidfile();
      boolean worker = command instanceof WorkerCommand;
      if (common.daemon && (pidfile.isEmpty() || (command.lock().isEmpty() && !worker))) {
        throw new UserError(
            "Daemon needs pidfile", "set 'pidfile' in the ini file, or leave out -d");
      }
      if (common.daemon && !Background.isChild()) {
        return Background.start(args, out, err);
      }
      if (command.lock().isEmpty() || pidfile.isEmpty()) {
        return bindAndRun(command, invocation, settings);
      }
      try (PidFile lock = PidFile.forLock(pidfile.get(), command.lock().get())) {
        if (!lock.claim(out)) {
          return ExitCode.FAILED;
        }
        Background.detach();
        return bindAndRun(command, invocation, settings);
      }
    }

    private int bindAndRun(NodeCommand command, Invocation invocation, NodeSettings settings)
        throws SQLException, InterruptedException {
      List<String> arguments = words.plain().subList(2, words.plain().size());
      String problem =
          CommandEntry.wrongArgumentCount(
              CommandSpec.forAnnotatedObject(command), arguments.size());
      if (!problem.isEmpty()) {
        throw new UserError(problem, null);
      }
      if (common.copyCondition != null) {
        throw new UserError(
            "--copy-condition is not supported",
            "row filters for the first copy come from handlers, such as --handler=shard");
      }
      bind(command, arguments);
      try (NodeSession session = new NodeSession(invocation, settings, out)) {
        command.checkCopy(new CopyGuard(session.cascade()));
        return command.run(session);
      }
    }

    private <T> T bind(T target, List<String> arguments) {
      return words.bind(target, arguments);
    }

    private Verbosity verbosity() {
      return common.verbosity();
    }

    private int reporting(ErrorReport.Body body) {
      return new ErrorReport(verbosity()).run(body);
    }
  }
}
