package dev.jlondiste.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What one logger logs at INFO and above, until closed. */
public final class CapturedLog implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  public CapturedLog(Class<?> source) {
    logger = (Logger) LoggerFactory.getLogger(source);
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  /** {@code LEVEL text}, and {@code with trace} where a stack trace follows. */
  public List<String> lines() {
    return List.copyOf(lines.list).stream()
        .map(
            line ->
                line.getLevel()
                    + " "
                    + line.getFormattedMessage()
                    + (line.getThrowableProxy() == null ? "" : " with trace"))
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
  }
}
