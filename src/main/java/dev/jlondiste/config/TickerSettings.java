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
 * @param initialDatabase where the list of databases is looked up
 * @param databaseList just these databases; empty: all that can be connected to
 * @param allowCopiedDatabase tick the queues of nodes whose public location leads to another
 *     database, too
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
   * @param overrides keys and values winning over the file
   */
  public static Loaded<TickerSettings> read(Path ini, Map<String, String> overrides) {
    return TickerSettingsReader.read(ini, overrides);
  }

  /** Where one of the databases is; a database named in {@code baseConnstr} does not count. */
  public ConnectionString database(String name) {
    return ConnectionString.parse(baseConnstr).withDatabase(name);
  }

  /** Records print all they have; {@code baseConnstr} may hold a password. */
  @Override
  public String toString() {
    return "TickerSettings of " + ConnectionString.mask(baseConnstr);
  }
}
