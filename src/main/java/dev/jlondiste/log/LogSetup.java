package dev.jlondiste.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import dev.jlondiste.config.HostZone;
import dev.jlondiste.config.JobSettings;
import dev.jlondiste.config.SyslogSettings;
import dev.jlondiste.config.TickerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Sets the destinations of the log from the options and the ini file. Can be called again after a
 * reload. Files are opened before anything is changed, so a {@link dev.jlondiste.fault.UserError}
 * leaves the old log in place.
 */
public final class LogSetup {
  /**
   * The JDBC driver logs through java.util.logging. The strong reference keeps its logger, and with
   * it the level, from being garbage collected. Must be the first field: the marker below
   * initializes Logback, which calls {@link EarlyLogging}.
   */
  private static final java.util.logging.Logger DRIVER =
      java.util.logging.Logger.getLogger("org.postgresql");

  /**
   * Marks an ERROR after which the program cannot continue. Printed as CRITICAL, by the ticker as
   * FATAL.
   */
  public static final Marker FATAL = MarkerFactory.getMarker("FATAL");

  private static final Path SYSLOG_DEVICE = Path.of("/dev/log");

  private LogSetup() {}

  /** Logs to stderr only, until the ini file is read. */
  public static void early(LineStyle style, Verbosity verbosity) {
    early(context(), style, verbosity);
  }

  static void early(LoggerContext context, LineStyle style, Verbosity verbosity) {
    LineLayout layout = layout(style, verbosity);
    install(context, verbosity, List.of(new ConsoleAppender(layout, System.err)));
  }

  /** Log of workers and admin commands; the console is stderr. */
  public static void londiste(JobSettings job, Verbosity verbosity, boolean console) {
    LineLayout layout = layout(LineStyle.LONDISTE, verbosity);
    Optional<LogFile> file =
        job.logfile().map(path -> new LogFile(path, job.logSize(), job.logCount()));
    install(context(), verbosity, appenders(layout, console, file, job.syslog()));
  }

  /** Log of {@code pgqd}. logrotate or a similar program rotates its file, see {@link #reopen}. */
  public static void ticker(TickerSettings settings, Verbosity verbosity, boolean console) {
    LineLayout layout = layout(LineStyle.TICKER, verbosity);
    Optional<LogFile> file = settings.logfile().map(path -> new LogFile(path, 0, 0));
    install(context(), verbosity, appenders(layout, console, file, settings.syslog()));
  }

  /** Closes the log file and opens its path again, on SIGHUP. */
  public static void reopen() {
    root(context())
        .iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof FileAppender file) {
                file.reopen();
              }
            });
  }

  /** Closes files and sockets. Must be the last call. */
  public static void stop() {
    context().stop();
  }

  private static List<Appender<ILoggingEvent>> appenders(
      LineLayout layout, boolean console, Optional<LogFile> file, Optional<SyslogSettings> syslog) {
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    if (console) {
      appenders.add(new ConsoleAppender(layout, System.err));
    }
    file.ifPresent(opened -> appenders.add(new FileAppender(layout, opened)));
    // The ticker logs to syslog by default, but a container may have no syslog daemon.
    syslog
        .filter(settings -> Files.exists(SYSLOG_DEVICE))
        .ifPresent(s -> appenders.add(new SyslogAppender(layout, s, SYSLOG_DEVICE)));
    return appenders;
  }

  private static void install(
      LoggerContext context, Verbosity verbosity, List<Appender<ILoggingEvent>> appenders) {
    Logger root = root(context);
    root.detachAndStopAllAppenders();
    for (Appender<ILoggingEvent> appender : appenders) {
      appender.setContext(context);
      appender.start();
      root.addAppender(appender);
    }
    root.setLevel(Level.INFO);
    context.getLogger("dev.jlondiste").setLevel(verbosity.level());
    // HikariCP's warnings repeat our own messages, and scripts treat every WARN as a failure.
    context
        .getLogger("com.zaxxer.hikari")
        .setLevel(verbosity.showsTraces() ? Level.WARN : Level.OFF);
    DRIVER.setLevel(java.util.logging.Level.OFF);
  }

  private static LineLayout layout(LineStyle style, Verbosity verbosity) {
    return new LineLayout(style, verbosity.showsTraces(), HostZone.get());
  }

  private static Logger root(LoggerContext context) {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
