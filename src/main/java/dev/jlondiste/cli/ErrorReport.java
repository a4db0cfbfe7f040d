package dev.jlondiste.cli;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.log.Verbosity;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program and logs its exceptions: a {@link UserError} in one line, with a stack trace only
 * if the verbosity shows them.
 */
record ErrorReport(Verbosity verbosity) {
  private static final Logger log = LoggerFactory.getLogger(ErrorReport.class);

  /** A program, which returns its exit code. */
  @FunctionalInterface
  interface Body {
    int run() throws SQLException, InterruptedException;
  }

  int run(Body body) {
    try {
      return body.run();
    } catch (UserError e) {
      report(e);
    } catch (SQLException e) {
      report(new UserError(String.valueOf(e.getMessage()), null, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.warn("interrupted");
    } catch (UsageError e) {
      throw e;
    } catch (RuntimeException e) { // a bug: log it with its stack trace
      log.error("this should not happen: {}", e.toString(), e);
    }
    return ExitCode.FAILED;
  }

  private void report(UserError e) {
    if (verbosity.showsTraces()) {
      log.error(e.text(), e);
    } else {
      log.error(e.text());
    }
  }
}
