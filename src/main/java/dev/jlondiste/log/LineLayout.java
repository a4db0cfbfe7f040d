package dev.jlondiste.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.jlondiste.loop.LogSubject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/** Formats one log event. Only its first line has time, process id and level. */
final class LineLayout {
  private static final long PID = ProcessHandle.current().pid();

  private final LineStyle style;
  private final boolean showsTraces;
  private final ZoneId zone;

  LineLayout(LineStyle style, boolean showsTraces, ZoneId zone) {
    this.style = style;
    this.showsTraces = showsTraces;
    this.zone = zone;
  }

  String line(ILoggingEvent event) {
    String time = style.time().format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone));
    String level = style.levelName(event.getLevel(), isFatal(event));
    return style.prefix().formatted(time, PID, level) + text(event) + "\n";
  }

  /** The message, followed by the stack trace of its failure, or by the failure's message only. */
  String text(ILoggingEvent event) {
    String message = withSubject(event);
    @Nullable IThrowableProxy failure = event.getThrowableProxy();
    if (failure == null) {
      return message;
    }
    if (showsTraces) {
      return message + "\n" + ThrowableProxyUtil.asString(failure).stripTrailing();
    }
    String reason = failure.getMessage() == null ? failure.getClassName() : failure.getMessage();
    return message.contains(reason) ? message : message + ": " + reason;
  }

  private static String withSubject(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    @Nullable String subject = event.getMDCPropertyMap().get(LogSubject.KEY);
    return subject == null || names(message, subject) ? message : subject + ": " + message;
  }

  /** Not as a part of a longer name. */
  private static boolean names(String message, String subject) {
    for (int at = message.indexOf(subject); at >= 0; at = message.indexOf(subject, at + 1)) {
      int end = at + subject.length();
      if ((at == 0 || !Character.isJavaIdentifierPart(message.charAt(at - 1)))
          && (end == message.length() || !Character.isJavaIdentifierPart(message.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFatal(ILoggingEvent event) {
    @Nullable List<Marker> markers = event.getMarkerList();
    return markers != null && markers.contains(LogSetup.FATAL);
  }
}
