package dev.jlondiste.config;

/**
 * A server of a connect string.
 *
 * @param host name as given, or a socket directory; empty if not given, which means a local socket
 * @param address the address to use instead of resolving {@code host} ({@code hostaddr}); may be
 *     empty
 */
public record ServerAddress(String host, String address, int port) {
  /** True for a Unix socket, in a given directory or in the default directory. */
  public boolean isSocket() {
    return address.isEmpty() && (host.isEmpty() || host.startsWith("/"));
  }

  /** The address or name to connect to; not for a socket. */
  public String destination() {
    return address.isEmpty() ? host : address;
  }
}
