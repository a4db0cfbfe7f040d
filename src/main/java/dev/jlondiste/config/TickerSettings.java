package dev.jlondiste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ini file of {@code pgqd}, section {@code [pgqd]}.
 *
 * @param baseConnstr connect string without database name; may be empty
 * @param initialDatabase the database in which the list of databases is read
 * @param databaseList only these databases; empty: all that accept connections
 * @param allowCopiedDatabase also tick the queues of nodes whose public location leads to another
 *     database
 */
public record TickerSettings(
    Optional<Path> logfile,
    Optional<Path> pidfile,
    String baseConnstr,
    String initialDatabase,
    List<String> databaseList,
    Optional<SyslogSettings> syslog,
    Duration checkPeriod,
    Duration retryPeriod,
    Duration maintPeriod,
    Duration tickerPeriod,
    Duration statsPeriod,
    Duration connectionLifetime,
    boolean allowCopiedDatabase) {

  /**
   * Reads section {@code [pgqd]}. Throws {@link dev.jlondiste.fault.UserError}.
   *
   * @param overrides keys and values that override the file
   */
  public static Loaded<TickerSettings> read(Path ini, Map<String, String> overrides) {
    return TickerSettingsReader.read(ini, overrides);
  }

  /** The connect string of one of the databases; a database in {@code baseConnstr} is replaced. */
  public ConnectionString database(String name) {
    return ConnectionString.parse(baseConnstr).withDatabase(name);
  }

  /** Does not print the settings, because {@code baseConnstr} may have a password. */
  @Override
  public String toString() {
    return "TickerSettings of " + ConnectionString.mask(baseConnstr);
  }
}
