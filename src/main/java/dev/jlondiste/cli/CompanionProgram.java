package dev.jlondiste.cli;

import dev.jlondiste.companion.ConsumerPosition;
import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.config.Loaded;
import dev.jlondiste.config.SampleIni;
import dev.jlondiste.daemon.Background;
import dev.jlondiste.daemon.CompanionDaemon;
import dev.jlondiste.daemon.DaemonProcess;
import dev.jlondiste.daemon.DaemonSignal;
import dev.jlondiste.daemon.PidFile;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.log.LineStyle;
import dev.jlondiste.log.LogSetup;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code queue_mover [options] INI}, and the other programs of {@link CompanionKind}. */
public final class CompanionProgram {
  private static final Logger log = LoggerFactory.getLogger(CompanionProgram.class);

  private final CompanionKind kind;
  private final String program;
  private final List<String> commandLine;
  private final Arguments words;
  private final CompanionOptions options;
  private final PrintStream out;
  private final PrintStream err;

  private CompanionProgram(
      CompanionKind kind,
      String program,
      List<String> commandLine,
      Arguments words,
      PrintStream out,
      PrintStream err) {
    this.kind = kind;
    this.program = program;
    this.commandLine = commandLine;
    this.words = words;
    this.options = words.bind(new CompanionOptions(), List.of());
    this.out = out;
    this.err = err;
  }

  /**
   * Returns the exit code, one of {@link ExitCode}. Exceptions are logged, not thrown.
   *
   * @param program the name for messages
   * @param args the words after the name of the program
   * @param commandLine all arguments of this process, with which it can be started again
   */
  public static int run(
      CompanionKind kind,
      String program,
      List<String> args,
      List<String> commandLine,
      PrintStream out,
      PrintStream err) {
    try {
      CommandSpec spec = CommandSpec.forAnnotatedObject(new CompanionOptions());
      Arguments words = new Arguments.Reader(List.of(spec)).read(args);
      return new CompanionProgram(kind, program, commandLine, words, out, err).run();
    } catch (UsageError e) {
      err.println(usage(program));
      err.println();
      err.println(program + ": error: " + e.problem());
      return ExitCode.USAGE;
    }
  }

  private static String usage(String program) {
    return "Usage: " + program + " [options] INI";
  }

  /** The output of {@code --help}. */
  static void printHelp(String program, PrintStream out) {
    out.println(usage(program));
    out.println();
    out.println("Options:");
    out.print(new CommandLine(new CompanionOptions()).getHelp().optionList());
  }

  private int run() {
    if (options.version) {
      out.println(VersionLine.of(kind.command()));
      return ExitCode.DONE;
    }
    if (options.help) {
      printHelp(program, out);
      return ExitCode.DONE;
    }
    if (options.ini) {
      out.print(SampleIni.companion(kind, options.overrides()));
      return ExitCode.DONE;
    }
    if (words.plain().isEmpty()) {
      out.println("need config file, use --help for help.");
      return ExitCode.FAILED;
    }
    if (words.plain().size() > 1) {
      out.println(program + " takes one config file, got: " + String.join(" ", words.plain()));
      return ExitCode.FAILED;
    }
    if (options.isContradictory()) {
      throw new UsageError("give only one of --register, --unregister, --rewind and --reset");
    }
    LogSetup.early(LineStyle.LONDISTE, options.verbosity());
    return new ErrorReport(options.verbosity()).run(this::runOnIni);
  }

  private int runOnIni() throws SQLException, InterruptedException {
    Loaded<CompanionSettings> loaded = load();
    loaded.warnings().forEach(log::warn);
    CompanionSettings settings = loaded.settings();
    Optional<DaemonSignal> signal = options.signal();
    if (signal.isPresent()) {
      return SentSignal.send(signal.get(), settings.job());
    }
    LogSetup.londiste(settings.job(), options.verbosity(), true);
    if (options.changesConsumer()) {
      return changeConsumer(settings);
    }
    Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
    if (options.daemon && pidFile.isEmpty()) {
      throw new UserError("Daemon needs pidfile", "set 'pidfile' in the ini file, or leave out -d");
    }
    if (options.daemon && !Background.isChild()) {
      return Background.start(commandLine, out, err);
    }
    DaemonProcess.begin();
    if (pidFile.isPresent() && !pidFile.get().claim(out)) {
      return ExitCode.FAILED;
    }
    try {
      loaded.notes().forEach(log::info);
      return DaemonProcess.run(new CompanionDaemon(settings, this::reread), pidFile);
    } finally {
      pidFile.ifPresent(PidFile::close);
    }
  }

  /**
   * Refused while the program runs, as far as a pidfile tells: it would continue at the old
   * position.
   */
  private int changeConsumer(CompanionSettings settings) throws SQLException {
    Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
    if (pidFile.isPresent() && pidFile.get().livePid().isPresent() && !options.register) {
      out.println("Pidfile exists, another process running?");
      return ExitCode.FAILED;
    }
    String job = settings.job().jobName();
    try (Database source = Database.direct(settings.source(), job);
        Database destination = Database.direct(settings.destination(), job)) {
      ConsumerPosition position = new ConsumerPosition(settings, source, destination);
      if (options.register) {
        position.register();
      } else if (options.unregister) {
        position.unregister();
      } else if (options.rewind) {
        position.rewind();
      } else {
        position.reset();
      }
      return ExitCode.DONE;
    }
  }

  private Loaded<CompanionSettings> load() {
    return CompanionSettings.read(kind, Path.of(words.plain().get(0)), options.overrides());
  }

  private CompanionSettings reread() {
    Loaded<CompanionSettings> loaded = load();
    loaded.warnings().forEach(log::warn);
    return loaded.settings();
  }
}
