package dev.jlondiste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings that all programs with an ini file have: name, files, pauses.
 *
 * @param loopDelay pause after a step that found nothing to do; zero or negative: one pass, then
 *     exit
 * @param exceptionSleep pause after a failed step
 * @param connectionLifetime age at which connections are renewed; zero: never
 * @param logSize size in bytes at which the log file is rotated; {@code logCount} old files are
 *     kept
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
