package dev.jlondiste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The ini file of {@code pgqd}, section {@code [pgqd]}.
 *
 * @param baseConnstr connect string without database name; may be empty
 * @param initialDatabase where the list of databases is looked up
 * @param databaseList just these databases; empty: all that can be connected to
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
    Duration connectionLifetime) {}
