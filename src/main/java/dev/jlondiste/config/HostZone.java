package dev.jlondiste.config;

import java.time.ZoneId;
import java.util.TimeZone;

/**
 * The time zone of this host, for times that operators read. The JVM itself runs in UTC, because
 * the JDBC driver sends the name of the JVM's zone in the startup packet, and a server without that
 * zone refuses the connection ({@code Europe/Kyiv} on 9.6, {@code US/Pacific} on servers without
 * old names). The driver has no property to change that.
 */
public final class HostZone {
  private static final ZoneId HOST = ZoneId.systemDefault();
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private HostZone() {}

  /** The zone in which the JVM was started. */
  public static ZoneId get() {
    return HOST;
  }

  /** Sets the JVM's zone to UTC; must be called before the first connection. Thread-safe. */
  public static void runInUtc() {
    TimeZone.setDefault(UTC);
  }
}
