package dev.jlondiste.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.jlondiste.config.SyslogSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Sends lines of level INFO and above to the local syslog daemon, through its Unix socket as libc
 * does. Logback's own appender supports UDP only, on which hardly any daemon listens by default.
 * Lines that cannot be delivered are dropped; the log file and stderr have them too.
 */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
  private static final Map<String, Integer> FACILITIES =
      Map.ofEntries(
          Map.entry("user", 1),
          Map.entry("daemon", 3),
          Map.entry("auth", 4),
          Map.entry("authpriv", 10),
          Map.entry("local0", 16),
          Map.entry("local1", 17),
          Map.entry("local2", 18),
          Map.entry("local3", 19),
          Map.entry("local4", 20),
          Map.entry("local5", 21),
          Map.entry("local6", 22),
          Map.entry("local7", 23));

  private static final int DAEMON = 3;

  /** Syslog daemons truncate longer packets, and the socket refuses very long ones. */
  private static final int MAX_PACKET_BYTES = 8000;

  private final LineLayout layout;
  private final SyslogSettings settings;
  private final Path device;
  private @Nullable AFUNIXDatagramSocket socket;

  SyslogAppender(LineLayout layout, SyslogSettings settings, Path device) {
    this.layout = layout;
    this.settings = settings;
    this.device = device;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
      return;
    }
    byte[] packet = packet(event);
    if (!send(packet)) {
      disconnect(); // the daemon may have been restarted
      send(packet);
    }
  }

  private byte[] packet(ILoggingEvent event) {
    int facility = FACILITIES.getOrDefault(settings.facility(), DAEMON);
    String text =
        "<%d>%s[%d]: %s"
            .formatted(
                facility * 8 + severity(event.getLevel()),
                settings.ident(),
                ProcessHandle.current().pid(),
                layout.text(event));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_PACKET_BYTES
        ? bytes
        : java.util.Arrays.copyOf(bytes, MAX_PACKET_BYTES);
  }

  private static int severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      default -> 6;
    };
  }

  private boolean send(byte[] packet) {
    try {
      if (socket == null) {
        socket = AFUNIXDatagramSocket.newInstance();
        socket.connect(AFUNIXSocketAddress.of(device));
      }
      socket.send(new DatagramPacket(packet, packet.length));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void disconnect() {
    if (socket != null) {
      socket.close();
    }
    socket = null;
  }

  @Override
  public void stop() {
    super.stop();
    disconnect();
  }
}
