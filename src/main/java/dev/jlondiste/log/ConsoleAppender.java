package dev.jlondiste.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintStream;

/** Writes log lines to a stream, usually stderr. */
final class ConsoleAppender extends AppenderBase<ILoggingEvent> {
  private final LineLayout layout;
  private final PrintStream stream;

  ConsoleAppender(LineLayout layout, PrintStream stream) {
    this.layout = layout;
    this.stream = stream;
  }

  @Override
  protected void append(ILoggingEvent event) {
    stream.print(layout.line(event));
    stream.flush();
  }
}
