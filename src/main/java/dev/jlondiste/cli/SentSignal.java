package dev.jlondiste.cli;

import dev.jlondiste.config.JobSettings;
import dev.jlondiste.daemon.DaemonSignal;
import dev.jlondiste.daemon.PidFile;
import dev.jlondiste.daemon.SignalSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options {@code -s}, {@code -k}, {@code -r} of programs that Londiste has. */
final class SentSignal {
  private static final Logger log = LoggerFactory.getLogger(SentSignal.class);

  private SentSignal() {}

  /**
   * Sends a signal and returns the exit code. If the process does not run, that is logged as a
   * warning and is no failure.
   */
  static int send(DaemonSignal signal, JobSettings job) throws InterruptedException {
    if (job.pidfile().isEmpty()) {
      log.warn("No pidfile in config, nothing to do");
      return ExitCode.DONE;
    }
    switch (SignalSender.send(signal, PidFile.at(job.pidfile().get()))) {
      case SENT -> log.debug("{} sent", signal.fullName());
      case NO_PIDFILE -> log.warn("No pidfile, process not running");
      case NOT_RUNNING -> log.warn("pidfile exists, but process not running");
    }
    return ExitCode.DONE;
  }
}
