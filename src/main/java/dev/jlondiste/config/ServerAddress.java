package dev.jlondiste.config;

/**
 * One server to try.
 *
 * @param host name as given, a socket directory, or empty: not given, so a local socket
 * @param address what to connect to instead of looking up {@code host} ({@code hostaddr}); may be
 *     empty
 */
public record ServerAddress(String host, String address, int port) {
  /** True when a Unix socket is meant, be it in a named directory or in the default one. */
  public boolean isSocket() {
    return address.isEmpty() && (host.isEmpty() || host.startsWith("/"));
  }

  /** Where to connect, when it is no socket. */
  public String destination() {
    return address.isEmpty() ? host : address;
  }
}
