package dev.jlondiste.cli;

import dev.jlondiste.config.Loaded;
import dev.jlondiste.config.SampleIni;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.daemon.Background;
import dev.jlondiste.daemon.DaemonProcess;
import dev.jlondiste.daemon.DaemonSignal;
import dev.jlondiste.daemon.PidFile;
import dev.jlondiste.daemon.SignalSender;
import dev.jlondiste.daemon.TickerDaemon;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.log.LineStyle;
import dev.jlondiste.log.LogSetup;
import dev.jlondiste.log.Verbosity;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code pgqd}, with the switches and messages of the PgQ ticker, which existing
 * scripts match on.
 */
public final class PgqdProgram {
  private static final Logger log = LoggerFactory.getLogger(PgqdProgram.class);

  /** The version of the PgQ ticker that this program replaces; scripts compare it. */
  private static final String COMPATIBLE_VERSION = "3.5";

  private static final String USAGE =
      """
      usage: pgqd [switches] config.ini
      Switches:
        -v        Increase verbosity
        -q        No output to console
        -d        Daemonize
        -h        Show help
        -V        Show version
       --ini      Show sample config file
        -s        Stop - send SIGINT to running process
        -k        Kill - send SIGTERM to running process
        -r        Reload - send SIGHUP to running process
      """;

  private final PgqdSwitches switches;
  private final List<String> args;
  private final PrintStream out;
  private final PrintStream err;

  private PgqdProgram(PgqdSwitches switches, List<String> args, PrintStream out, PrintStream err) {
    this.switches = switches;
    this.args = args;
    this.out = out;
    this.err = err;
  }

  /** Returns the exit code: 0 done, 1 failed or wrong usage. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    PgqdSwitches switches;
    try {
      switches = PgqdSwitches.parse(args);
    } catch (UserError e) {
      err.println("pgqd: " + e.problem());
      out.print("bad switch: " + USAGE);
      return 1;
    }
    try {
      return new PgqdProgram(switches, args, out, err).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private int run() throws InterruptedException {
    switch (switches.action()) {
      case HELP -> out.print(USAGE);
      case VERSION -> out.println("pgqd version " + COMPATIBLE_VERSION);
      case SAMPLE -> out.print(SampleIni.ticker(Map.of()));
      default -> {
        return withConfig();
      }
    }
    return 0;
  }

  private int withConfig() throws InterruptedException {
    if (switches.files().size() != 1) {
      err.println("pgqd requires config file");
      return 1;
    }
    LogSetup.early(LineStyle.TICKER, verbosity());
    try {
      Loaded<TickerSettings> loaded;
      try {
        loaded = read();
      } catch (UserError e) {
        log.error(e.problem());
        throw new UserError("failed to read config", e.hint(), e);
      }
      loaded.warnings().forEach(log::warn);
      return switch (switches.action()) {
        case STOP -> send(DaemonSignal.FINISH, loaded.settings());
        case KILL -> send(DaemonSignal.STOP_NOW, loaded.settings());
        case RELOAD -> send(DaemonSignal.RELOAD, loaded.settings());
        default -> tick(loaded.settings());
      };
    } catch (UserError e) {
      log.error(LogSetup.FATAL, e.text());
      return 1;
    } finally {
      LogSetup.stop();
    }
  }

  private Loaded<TickerSettings> read() {
    return TickerSettings.read(Path.of(switches.files().get(0)), Map.of());
  }

  private int send(DaemonSignal signal, TickerSettings settings) throws InterruptedException {
    if (settings.pidfile().isEmpty()) {
      err.println("No pidfile configured");
      return 1;
    }
    err.println(
        switch (SignalSender.send(signal, PidFile.at(settings.pidfile().get()))) {
          case SENT -> signal.fullName() + " sent";
          case NO_PIDFILE, NOT_RUNNING -> "Old process is not running";
        });
    return 0;
  }

  private int tick(TickerSettings settings) throws InterruptedException {
    if (switches.daemon() && settings.pidfile().isEmpty()) {
      throw new UserError("daemon needs pidfile configured", "add pidfile = FILE to the ini file");
    }
    if (switches.daemon() && settings.logfile().isEmpty() && settings.syslog().isEmpty()) {
      throw new UserError("daemon needs logging configured", "add logfile = FILE to the ini file");
    }
    if (switches.daemon() && !Background.isChild()) {
      logStart();
      return Background.start(args, out, err);
    }
    Optional<PidFile> pidFile = settings.pidfile().map(PidFile::at);
    DaemonProcess.begin();
    try {
      switch (pidFile.map(PidFile::claim).orElse(PidFile.Claim.TAKEN)) {
        case TAKEN -> {}
        case TAKEN_FROM_DEAD -> log.info("Ignoring stale pidfile");
        case HELD -> throw new UserError("pidfile exists, another instance running?", null);
      }
      openLog(settings);
      logStart();
      return DaemonProcess.run(new TickerDaemon(settings, this::reread), pidFile);
    } finally {
      pidFile.ifPresent(PidFile::close);
    }
  }

  private void logStart() {
    log.info("Starting pgqd {} (jlondiste {})", COMPATIBLE_VERSION, VersionLine.own());
  }

  private TickerSettings reread() {
    Loaded<TickerSettings> loaded = read();
    openLog(loaded.settings());
    loaded.warnings().forEach(log::warn);
    return loaded.settings();
  }

  private void openLog(TickerSettings settings) {
    LogSetup.ticker(settings, verbosity(), !switches.quiet() && !switches.daemon());
  }

  private Verbosity verbosity() {
    return Verbosity.of(false, switches.verbose());
  }
}
