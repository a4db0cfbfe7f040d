package dev.jlondiste.config;

import java.time.ZoneId;
import java.util.TimeZone;

/**
 * The time zone of this host, for what operators read. The JVM itself runs in UTC: the JDBC driver
 * names the JVM's zone in the startup packet, and a server whose zone data does not have that name
 * refuses the connection ({@code Europe/Kyiv} on a 9.6, {@code US/Pacific} on servers without old
 * names). The driver has no property for it.
 */
public final class HostZone {
  private static final ZoneId HOST = ZoneId.systemDefault();
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private HostZone() {}

  /** The zone that the JVM was started in. */
  public static ZoneId get() {
    return HOST;
  }

  /** Makes UTC the JVM's zone; must precede the first connection. Thread-safe. */
  public static void runInUtc() {
    TimeZone.setDefault(UTC);
  }
}
