package dev.jlondiste.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;

/**
 * Writes log lines to a {@link LogFile}. A full disk must not stop replication, so a write error is
 * only reported, once, on stderr.
 */
final class FileAppender extends AppenderBase<ILoggingEvent> {
  private final LineLayout layout;
  private final LogFile file;
  private boolean failed;

  FileAppender(LineLayout layout, LogFile file) {
    this.layout = layout;
    this.file = file;
  }

  @Override
  protected void append(ILoggingEvent event) {
    try {
      file.append(layout.line(event));
      failed = false;
    } catch (IOException e) {
      report(e);
    }
  }

  synchronized void reopen() {
    try {
      file.reopen();
    } catch (IOException e) {
      report(e);
    }
  }

  private void report(IOException e) {
    if (!failed) {
      System.err.println("cannot write log file: " + e.getMessage());
    }
    failed = true;
  }

  @Override
  public void stop() {
    super.stop();
    try {
      file.close();
    } catch (IOException e) {
      report(e);
    }
  }
}
