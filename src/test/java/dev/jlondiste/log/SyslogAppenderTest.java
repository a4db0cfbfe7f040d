package dev.jlondiste.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.jlondiste.config.SyslogSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

class SyslogAppenderTest {
  private static final long PID = ProcessHandle.current().pid();

  @TempDir Path directory;

  @Test
  void sends_packets_to_the_local_daemon() throws IOException {
    Path device = directory.resolve("log");
    try (AFUNIXDatagramSocket daemon = daemon(device)) {
      SyslogAppender appender = appender(device);
      appender.doAppend(event(Level.DEBUG, "not this"));
      appender.doAppend(event(Level.INFO, "hello"));
      appender.doAppend(event(Level.ERROR, "gone"));
      assertThat(receive(daemon)).isEqualTo("<134>pgqd[" + PID + "]: hello");
      assertThat(receive(daemon)).isEqualTo("<131>pgqd[" + PID + "]: gone");
      appender.stop();
    }
  }

  @Test
  void a_missing_daemon_is_ignored() {
    SyslogAppender appender = appender(directory.resolve("nobody"));
    appender.doAppend(event(Level.INFO, "hello"));
    appender.stop();
    assertThat(appender.isStarted()).isFalse();
  }

  private static AFUNIXDatagramSocket daemon(Path device) throws IOException {
    AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance();
    socket.bind(AFUNIXSocketAddress.of(device));
    socket.setSoTimeout(5000);
    return socket;
  }

  private static String receive(AFUNIXDatagramSocket daemon) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
    daemon.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  private static SyslogAppender appender(Path device) {
    LineLayout layout = new LineLayout(LineStyle.TICKER, false, ZoneId.of("UTC"));
    SyslogAppender appender =
        new SyslogAppender(layout, new SyslogSettings("pgqd", "local0"), device);
    appender.start();
    return appender;
  }

  private static LoggingEvent event(Level level, String text) {
    LoggingEvent event =
        new LoggingEvent("", new LoggerContext().getLogger("x"), level, text, null, null);
    event.setMDCPropertyMap(Map.of());
    return event;
  }
}
