package dev.jlondiste.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.jlondiste.loop.LogSubject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineLayoutTest {
  private static final long PID = ProcessHandle.current().pid();
  private static final ZoneId UTC = ZoneId.of("UTC");

  private static LoggingEvent event(String level, String text, @Nullable Throwable failure) {
    return event(level, text, failure, Map.of());
  }

  private static LoggingEvent event(
      String level, String text, @Nullable Throwable failure, Map<String, String> thread) {
    LoggingEvent event =
        new LoggingEvent(
            "", new LoggerContext().getLogger("x"), Level.valueOf(level), text, failure, null);
    event.setInstant(Instant.parse("2026-11-20T20:05:31.308Z"));
    event.setMDCPropertyMap(thread);
    return event;
  }

  @ParameterizedTest
  @CsvSource({
    "LONDISTE, INFO, '2026-11-20 20:05:31,308 PID INFO text'",
    "LONDISTE, WARN, '2026-11-20 20:05:31,308 PID WARNING text'",
    "LONDISTE, ERROR, '2026-11-20 20:05:31,308 PID ERROR text'",
    "LONDISTE, DEBUG, '2026-11-20 20:05:31,308 PID DEBUG text'",
    "TICKER, INFO, '2026-11-20 20:05:31.308 UTC [PID] LOG text'",
    "TICKER, WARN, '2026-11-20 20:05:31.308 UTC [PID] WARNING text'",
    "TICKER, TRACE, '2026-11-20 20:05:31.308 UTC [PID] NOISE text'"
  })
  void lines_have_the_format_that_scripts_expect(LineStyle style, String level, String line) {
    assertThat(new LineLayout(style, false, UTC).line(event(level, "text", null)))
        .isEqualTo(line.replace("PID", "" + PID) + "\n");
  }

  @Test
  void a_fatal_error_has_its_own_name() {
    LoggingEvent event = event("ERROR", "text", null);
    event.addMarker(LogSetup.FATAL);
    assertThat(new LineLayout(LineStyle.LONDISTE, false, UTC).line(event))
        .contains(" CRITICAL text");
    assertThat(new LineLayout(LineStyle.TICKER, false, UTC).line(event)).contains("] FATAL text");
  }

  @ParameterizedTest
  @CsvSource({
    "Launching copy process, public.t: Launching copy process",
    "'public.t: start copy', 'public.t: start copy'",
    "Starting full copy of public.t, Starting full copy of public.t",
    "Creating public.t_pkey, public.t: Creating public.t_pkey",
  })
  void what_a_line_is_about_stands_in_front_unless_it_is_named(String text, String line) {
    LoggingEvent event = event("INFO", text, null, Map.of(LogSubject.KEY, "public.t"));
    assertThat(new LineLayout(LineStyle.LONDISTE, false, UTC).text(event)).isEqualTo(line);
  }

  @Test
  void stack_traces_require_verbose() {
    LoggingEvent event = event("ERROR", "crashed", new IllegalStateException("why"));
    assertThat(new LineLayout(LineStyle.LONDISTE, false, UTC).line(event))
        .endsWith(" ERROR crashed: why\n");
    assertThat(new LineLayout(LineStyle.LONDISTE, true, UTC).line(event))
        .contains(" ERROR crashed\njava.lang.IllegalStateException: why\n\tat ");
  }

  @Test
  void a_reason_in_the_message_is_not_repeated() {
    LoggingEvent event = event("ERROR", "crashed: why", new IllegalStateException("why"));
    assertThat(new LineLayout(LineStyle.LONDISTE, false, UTC).line(event))
        .endsWith(" ERROR crashed: why\n");
  }
}
