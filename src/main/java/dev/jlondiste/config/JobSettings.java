package dev.jlondiste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What every ini-driven program shares: its name, its files, its pauses.
 *
 * @param loopDelay pause after a step that found nothing to do; zero or negative: one pass, then
 *     exit
 * @param exceptionSleep pause after a failed step
 * @param connectionLifetime age at which connections are renewed; zero: never
 * @param logSize bytes after which the log file is rotated; {@code logCount} old ones are kept
 */
public record JobSettings(
    String jobName,
    Optional<Path> logfile,
    long logSize,
    int logCount,
    Optional<Path> pidfile,
    Duration loopDelay,
    Duration exceptionSleep,
    List<String> exceptionQuiet,
    Duration exceptionGrace,
    Duration exceptionReset,
    Duration connectionLifetime,
    Optional<SyslogSettings> syslog) {}
