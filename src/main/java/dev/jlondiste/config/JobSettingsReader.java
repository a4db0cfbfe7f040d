package dev.jlondiste.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the keys that all programs with an ini file have. */
final class JobSettingsReader {
  private static final long DEFAULT_LOG_SIZE = 10_485_760;

  private static final Set<String> FACILITIES =
      Set.of(
          "auth",
          "authpriv",
          "daemon",
          "user",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private JobSettingsReader() {}

  static JobSettings read(IniSection ini) {
    return new JobSettings(
        ini.required("job_name", "it names the program in logs and in its queue"),
        ini.file("logfile"),
        ini.size("log_size", DEFAULT_LOG_SIZE),
        ini.integer("log_count", 3, 0),
        ini.file("pidfile"),
        ini.seconds("loop_delay", "1"),
        ini.secondsNotNegative("exception_sleep", "20"),
        ini.list("exception_quiet"),
        ini.secondsNotNegative("exception_grace", "300"),
        ini.secondsNotNegative("exception_reset", "900"),
        ini.secondsNotNegative("connection_lifetime", "1200"),
        syslog(ini, false, ini.text("job_name", "londiste")));
  }

  static void warnAboutSkylog(IniSection ini, List<String> warnings) {
    if (ini.integer("use_skylog", 0, 0) != 0) {
      warnings.add(
          "parameter use_skylog is not supported, logging to logfile, stderr or syslog (%s)"
              .formatted(ini.place("use_skylog")));
    }
  }

  /** Any number except 0 enables it, as for PgQ's ticker. */
  static Optional<SyslogSettings> syslog(IniSection ini, boolean defaultValue, String ident) {
    boolean isEnabled = ini.text("syslog").map(text -> isOn(ini, text)).orElse(defaultValue);
    String facility = ini.text("syslog_facility", "daemon");
    if (!FACILITIES.contains(facility)) {
      throw ini.wrong(
          "syslog_facility", facility, "auth, authpriv, daemon, user, local0 to local7");
    }
    return isEnabled
        ? Optional.of(new SyslogSettings(ini.text("syslog_ident", ident), facility))
        : Optional.empty();
  }

  private static boolean isOn(IniSection ini, String text) {
    return text.matches("[0-9]+") ? !text.matches("0+") : ini.flag("syslog", false);
  }
}
