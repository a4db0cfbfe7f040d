package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a database is, as libpq writes it: keyword pairs or a URI. Kept verbatim, because it is
 * stored in the nodes and read by other programs.
 */
public final class ConnectionString {
  private static final String MASK = "***";

  private final String text;
  private final List<ConnectionPair> pairs;

  private ConnectionString(String text, List<ConnectionPair> pairs) {
    this.text = text;
    this.pairs = pairs;
  }

  /** Throws {@link UserError} saying what is wrong and at which position. */
  public static ConnectionString parse(String text) {
    return new ConnectionString(
        text, UriParser.isUri(text) ? UriParser.parse(text) : KeywordStringParser.parse(text));
  }

  /** Any text that may be a connect string, to be shown; cut short where it cannot be read. */
  public static String mask(String text) {
    try {
      return parse(text).masked();
    } catch (UserError e) {
      int secret = text.toLowerCase(Locale.ROOT).indexOf("password");
      int cut = UriParser.isUri(text) ? text.indexOf("://") + 3 : secret;
      return cut < 0 ? text : text.substring(0, cut) + MASK;
    }
  }

  /** The same target with later pairs winning; {@code extra} may be empty. */
  public ConnectionString overriddenBy(String extra) {
    if (extra.isBlank()) {
      return this;
    }
    if (UriParser.isUri(text) || UriParser.isUri(extra)) {
      return parse(asKeywords() + " " + parse(extra).asKeywords());
    }
    return parse(text + " " + extra);
  }

  /** The same server and login, another database. */
  public ConnectionString withDatabase(String name) {
    return with(Map.of("dbname", name));
  }

  /** The same target with these keywords set, whatever characters their values have. */
  public ConnectionString with(Map<String, String> keywords) {
    return overriddenBy(
        keywords.entrySet().stream()
            .map(entry -> pair(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(" ")));
  }

  /** Fills the gaps from service file, environment, password file and defaults. */
  public ConnectionTarget resolve(Environment environment) {
    return new ConnectionResolver(given(), warnings(), environment).resolve();
  }

  /** Verbatim, password included: to be stored, never to be shown. */
  public String text() {
    return text;
  }

  /** To be shown: passwords are masked. */
  public String masked() {
    StringBuilder shown = new StringBuilder(text);
    for (int i = pairs.size() - 1; i >= 0; i--) {
      ConnectionPair pair = pairs.get(i);
      if (ConnectionKeywords.isSecret(pair.keyword())) {
        shown.replace(pair.from(), pair.to(), MASK);
      }
    }
    return shown.toString();
  }

  /** Keywords that libpq knows and we do not act on, one sentence each. */
  public List<String> warnings() {
    return given().keySet().stream()
        .filter(ConnectionKeywords::isUnsupported)
        .map(keyword -> "connect string: keyword \"" + keyword + "\" is not supported, ignored")
        .toList();
  }

  /**
   * False when others would look for the server on their own machine. A service counts as a name:
   * whoever reads the string looks it up.
   */
  public boolean namesHost() {
    return service().isPresent() || hosts().stream().anyMatch(host -> !isLocal(host));
  }

  /** True when a host is a loopback address or name. */
  public boolean isLoopback() {
    return hosts().stream().anyMatch(ConnectionString::isLoopback);
  }

  public Optional<String> service() {
    return value("service");
  }

  /** The value that this text gives to the keyword, before any gap is filled. */
  public Optional<String> value(String keyword) {
    return Optional.ofNullable(given().get(keyword)).filter(value -> !value.isEmpty());
  }

  /** Same text, same string. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ConnectionString that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Masked, so that it can go into any message. */
  @Override
  public String toString() {
    return masked();
  }

  private Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    pairs.forEach(pair -> given.put(pair.keyword(), pair.value()));
    return given;
  }

  private List<String> hosts() {
    return value("hostaddr")
        .or(() -> value("host"))
        .map(list -> List.of(list.split(",")))
        .orElse(List.of());
  }

  private static boolean isLocal(String host) {
    return host.isBlank() || host.startsWith("/") || host.startsWith("@");
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1");
  }

  private String asKeywords() {
    return String.join(
        " ", pairs.stream().map(pair -> pair(pair.keyword(), pair.value())).toList());
  }

  private static String pair(String keyword, String value) {
    return keyword + "='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
