package dev.jlondiste.daemon;

import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements sd_notify: one datagram per message to {@code $NOTIFY_SOCKET}. It is created only if
 * that is set, so that the native socket library is not loaded otherwise. A service manager that
 * cannot be reached causes a warning only.
 */
final class SystemdNotifier implements Notifier {
  private static final Logger log = LoggerFactory.getLogger(SystemdNotifier.class);

  private final String socket;
  private final Optional<Duration> watchdogInterval;
  private boolean warned;

  private SystemdNotifier(String socket, Optional<Duration> watchdogInterval) {
    this.socket = socket;
    this.watchdogInterval = watchdogInterval;
  }

  static Notifier from(Map<String, String> environment) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    return socket.isEmpty() ? NONE : new SystemdNotifier(socket, watchdog(environment));
  }

  /** Half of what systemd allows, as its manual recommends. */
  private static Optional<Duration> watchdog(Map<String, String> environment) {
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    if (!pid.isEmpty() && !pid.equals(String.valueOf(ProcessHandle.current().pid()))) {
      return Optional.empty();
    }
    try {
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      return micros > 0 ? Optional.of(Duration.ofNanos(micros * 500)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Duration> watchdogInterval() {
    return watchdogInterval;
  }

  @Override
  public void send(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try (AFUNIXDatagramSocket datagrams = AFUNIXDatagramSocket.newInstance()) {
      datagrams.connect(address());
      datagrams.send(new DatagramPacket(bytes, bytes.length));
    } catch (IOException | LinkageError e) {
      if (!warned) {
        warned = true;
        log.warn("cannot notify systemd ({}): {}", socket, e.getMessage());
      }
    }
  }

  private AFUNIXSocketAddress address() throws IOException {
    return socket.startsWith("@")
        ? AFUNIXSocketAddress.inAbstractNamespace(socket.substring(1))
        : AFUNIXSocketAddress.of(new File(socket));
  }
}
