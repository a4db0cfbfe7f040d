package dev.jlondiste.config;

/** Reads the keys of all programs that consume a queue. */
final class ReadSettingsReader {
  private ReadSettingsReader() {}

  static ReadSettings read(IniSection ini) {
    return new ReadSettings(
        ini.flag("pgq_autocommit", false),
        ini.integer("pgq_batch_collect_events", 0, 0),
        ini.text("pgq_batch_collect_interval"),
        ini.text("pgq_keep_lag"),
        ini.secondsNotNegative("keepalive_stats", "300"));
  }

  /** What {@code pgq_autocommit = 1} means here. */
  static String autocommitNote(IniSection ini) {
    return "parameter pgq_autocommit is on (%s): not listening for ticks, the provider is asked every loop_delay"
        .formatted(ini.place("pgq_autocommit"));
  }
}
