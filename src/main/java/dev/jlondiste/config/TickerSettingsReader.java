package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a ticker's ini file, section {@code [pgqd]}. */
final class TickerSettingsReader {
  private static final String SECTION = "pgqd";

  /** Section of the ticker of Skytools 2. */
  private static final String SKYTOOLS2_SECTION = "pgqadm";

  private final IniSection ini;
  private final List<String> warnings;

  private TickerSettingsReader(IniSection ini, List<String> warnings) {
    this.ini = ini;
    this.warnings = warnings;
  }

  static Loaded<TickerSettings> read(Path path, Map<String, String> overrides) {
    List<String> warnings = new ArrayList<>();
    IniFile file = IniLines.read(path, IniDialect.TICKER, warnings);
    if (!file.has(SECTION) && file.has(SKYTOOLS2_SECTION)) {
      throw new UserError(
          "config file " + path + " has a section [pgqadm]: that is for the ticker of Skytools 2",
          "write a section [pgqd] instead: base_connstr is db without its dbname, database_list is"
              + " that dbname, maint_period is maint_delay_min in seconds; max_events, max_lag and"
              + " idle_interval are now settings of each queue (pgq.set_queue_config)");
    }
    String name = file.mainSection(List.of(SECTION));
    IniSection ini = new IniSection(file, name, overrides, IniDialect.TICKER);
    warnings.addAll(KnownKeys.TICKER.check(ini));
    return new Loaded<>(new TickerSettingsReader(ini, warnings).settings(), warnings);
  }

  private TickerSettings settings() {
    String baseKey = alias("base_connstr", "baseconnstr");
    Optional<ConnectionString> base = ini.connection(baseKey);
    base.ifPresent(
        string -> string.warnings().forEach(text -> warnings.add(baseKey + ": " + text)));
    return withPeriods(
        ini,
        ini.file("logfile"),
        ini.file("pidfile"),
        base.map(ConnectionString::text).orElse(""),
        ini.text("initial_database", "template1"),
        ini.list(alias("database_list", "databaselist")),
        JobSettingsReader.syslog(ini, true, "pgqd"),
        "3600");
  }

  /** For {@code ticker = 1}: the node's daemon ticks its own database. */
  static TickerSettings forNode(IniSection ini, JobSettings job) {
    return withPeriods(
        ini, job.logfile(), job.pidfile(), ini.text("db", ""), "", List.of(), job.syslog(), "1200");
  }

  private static TickerSettings withPeriods(
      IniSection ini,
      Optional<Path> logfile,
      Optional<Path> pidfile,
      String baseConnstr,
      String initialDatabase,
      List<String> databases,
      Optional<SyslogSettings> syslog,
      String lifetime) {
    return new TickerSettings(
        logfile,
        pidfile,
        baseConnstr,
        initialDatabase,
        databases,
        syslog,
        ini.period("check_period", "60"),
        ini.period("retry_period", "30"),
        ini.period("maint_period", "120"),
        ini.period("ticker_period", "1"),
        ini.period("stats_period", "30"),
        ini.secondsNotNegative("connection_lifetime", lifetime),
        ini.flag("allow_copied_database", false));
  }

  /** An old walkthrough that is still copied spells keys without underscores. */
  private String alias(String key, String misspelled) {
    if (ini.text(misspelled).isEmpty()) {
      return key;
    }
    warnings.add(
        "parameter %s is spelled %s (%s)".formatted(misspelled, key, ini.place(misspelled)));
    return ini.text(key).isPresent() ? key : misspelled;
  }
}
