package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A connect string of libpq: keyword pairs or a URI. The text is kept verbatim, because it is
 * stored in the nodes and other programs read it.
 */
public final class ConnectionString {
  private static final String MASK = "***";

  private final String text;
  private final List<ConnectionPair> pairs;

  private ConnectionString(String text, List<ConnectionPair> pairs) {
    this.text = text;
    this.pairs = pairs;
  }

  /** Throws {@link UserError} with the problem and its position. */
  public static ConnectionString parse(String text) {
    return new ConnectionString(
        text, UriParser.isUri(text) ? UriParser.parse(text) : KeywordStringParser.parse(text));
  }

  /**
   * Masks the passwords of any text that may be a connect string. A text that cannot be parsed is
   * cut off where a secret may begin.
   */
  public static String mask(String text) {
    try {
      return parse(text).masked();
    } catch (UserError e) {
      int secret = text.toLowerCase(Locale.ROOT).indexOf("password");
      int cut = UriParser.isUri(text) ? text.indexOf("://") + 3 : secret;
      return cut < 0 ? text : text.substring(0, cut) + MASK;
    }
  }

  /**
   * The same target with the pairs of {@code extra} added, which override earlier pairs; {@code
   * extra} may be empty.
   */
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

  /** The same target with these keywords set; their values may contain any characters. */
  public ConnectionString with(Map<String, String> keywords) {
    return overriddenBy(
        keywords.entrySet().stream()
            .map(entry -> pair(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(" ")));
  }

  /** Supplies the missing values from service file, environment, password file and defaults. */
  public ConnectionTarget resolve(Environment environment) {
    return new ConnectionResolver(given(), warnings(), environment).resolve();
  }

  /** The verbatim text with its password: it may be stored but must not be printed. */
  public String text() {
    return text;
  }

  /** The text with masked passwords, for messages. */
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

  /** The same target without its passwords, which can be given to other programs. */
  public ConnectionString withoutSecrets() {
    List<ConnectionPair> open =
        pairs.stream().filter(pair -> !ConnectionKeywords.isSecret(pair.keyword())).toList();
    return open.size() == pairs.size() ? this : parse(asKeywords(open));
  }

  /** One warning for each keyword that libpq supports and this program does not. */
  public List<String> warnings() {
    return given().keySet().stream()
        .filter(ConnectionKeywords::isUnsupported)
        .map(keyword -> "connect string: keyword \"" + keyword + "\" is not supported, ignored")
        .toList();
  }

  /**
   * False if another host would connect to its own server by this string. A service counts as a
   * host name, because each host looks it up in its own service file.
   */
  public boolean namesHost() {
    return service().isPresent() || hosts().stream().anyMatch(host -> !isLocal(host));
  }

  /** True if a host is a loopback address or name. */
  public boolean isLoopback() {
    return hosts().stream().anyMatch(ConnectionString::isLoopback);
  }

  public Optional<String> service() {
    return value("service");
  }

  /** The value of the keyword in this text, without defaults. */
  public Optional<String> value(String keyword) {
    return Optional.ofNullable(given().get(keyword)).filter(value -> !value.isEmpty());
  }

  /** Connect strings are equal if their texts are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ConnectionString that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The masked text, which can be part of any message. */
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
    return asKeywords(pairs);
  }

  private static String asKeywords(List<ConnectionPair> pairs) {
    return String.join(
        " ", pairs.stream().map(pair -> pair(pair.keyword(), pair.value())).toList());
  }

  private static String pair(String keyword, String value) {
    return keyword + "='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
