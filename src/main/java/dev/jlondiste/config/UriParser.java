package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses {@code postgresql://user:password@host:port,host:port/database?keyword=value} as libpq
 * does. Errors do not quote the text, because a password with a slash or an at sign that is not
 * percent-encoded may be anywhere in it.
 */
final class UriParser {
  private static final String ENCODING_HINT =
      "special characters in a user name, password or database name are written as %XX:"
          + " / is %2F, @ is %40, : is %3A, % is %25";

  private final String text;
  private final List<ConnectionPair> pairs = new ArrayList<>();
  private int at;

  private UriParser(String text) {
    this.text = text;
  }

  static boolean isUri(String text) {
    return text.startsWith("postgresql://") || text.startsWith("postgres://");
  }

  static List<ConnectionPair> parse(String text) {
    return new UriParser(text).parse();
  }

  private List<ConnectionPair> parse() {
    at = text.indexOf("://") + 3;
    userAndPassword();
    hosts();
    if (peek() == '/') {
      at++;
      int start = at;
      add("dbname", start, skipTo("?"));
    }
    if (peek() == '?') {
      query();
    }
    return pairs;
  }

  private void userAndPassword() {
    int start = at;
    int end = skipTo("@/");
    if (peek() != '@') {
      at = start;
      return;
    }
    at = start;
    add("user", start, skipTo(":@"));
    if (peek() == ':') {
      add("password", at + 1, end);
    }
    at = end + 1;
  }

  private void hosts() {
    int start = at;
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    do {
      if (peek() == ',') {
        at++;
      }
      hosts.add(host());
      ports.add(port());
    } while (peek() == ',');
    if (at < text.length() && peek() != '/' && peek() != '?') {
      throw wrong("unexpected character", at);
    }
    addJoined("host", hosts, start);
    addJoined("port", ports, start);
  }

  private String host() {
    int start = at;
    if (peek() == '[') {
      int end = text.indexOf(']', at);
      if (end < 0) {
        throw wrong("the [ is never closed", at);
      }
      at = end + 1;
      return text.substring(start + 1, end);
    }
    int end = skipTo(":/?,");
    String host = decode(start, end);
    if (text.substring(start, end).indexOf('@') >= 0) {
      throw wrong("a second @", start + text.substring(start, end).indexOf('@'));
    }
    return host;
  }

  private String port() {
    if (peek() != ':') {
      return "";
    }
    int start = ++at;
    String port = decode(start, skipTo("/?,"));
    if (!port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw wrong("the port is not a number", start);
    }
    return port;
  }

  private void query() {
    while (at < text.length()) {
      int start = ++at;
      int end = skipTo("&");
      if (start == end && at == text.length()) {
        return;
      }
      int equals = text.indexOf('=', start);
      if (equals < 0 || equals >= end || text.substring(equals + 1, end).contains("=")) {
        throw wrong("a query parameter is not of the form keyword=value", start);
      }
      String keyword = decode(start, equals);
      if (keyword.equals("ssl") && text.substring(equals + 1, end).equals("true")) {
        pairs.add(new ConnectionPair("sslmode", "require", equals + 1, end));
        continue;
      }
      if (!ConnectionKeywords.isKnown(keyword)) {
        throw unknown(keyword, start);
      }
      pairs.add(new ConnectionPair(keyword, decode(equals + 1, end), equals + 1, end));
    }
  }

  /** Names the keyword only if it has the form of a keyword and no secret precedes it. */
  private UserError unknown(String keyword, int start) {
    boolean show =
        keyword.matches("[A-Za-z_]{1,40}")
            && pairs.stream().noneMatch(pair -> ConnectionKeywords.isSecret(pair.keyword()));
    String name = show ? " \"" + keyword + "\"" : "";
    String guess = show ? Spelling.guess(keyword, ConnectionKeywords.all()) : "";
    return new UserError(
        "connect URI: unknown query parameter" + name + " at position " + (start + 1) + guess,
        ENCODING_HINT);
  }

  private void add(String keyword, int from, int to) {
    String value = decode(from, to);
    if (!value.isEmpty()) {
      pairs.add(new ConnectionPair(keyword, value, from, to));
    }
  }

  private void addJoined(String keyword, List<String> values, int from) {
    if (values.stream().anyMatch(value -> !value.isEmpty())) {
      pairs.add(new ConnectionPair(keyword, String.join(",", values), from, from));
    }
  }

  private String decode(int from, int to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int i = from;
    while (i < to) {
      if (text.charAt(i) == '%') {
        bytes.write(hex(i, to));
        i += 3;
      } else {
        int next = i + Character.charCount(text.codePointAt(i));
        bytes.writeBytes(text.substring(i, next).getBytes(StandardCharsets.UTF_8));
        i = next;
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private int hex(int percent, int to) {
    if (percent + 3 > to) {
      throw wrong("an incomplete %XX", percent);
    }
    int high = Character.digit(text.charAt(percent + 1), 16);
    int low = Character.digit(text.charAt(percent + 2), 16);
    if (high < 0 || low < 0 || high + low == 0) {
      throw wrong("a % without two hexadecimal digits, or %00,", percent);
    }
    return high * 16 + low;
  }

  private int skipTo(String delimiters) {
    while (at < text.length() && delimiters.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** The current character; 0 at the end of the text. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static UserError wrong(String what, int index) {
    return new UserError("connect URI: " + what + " at position " + (index + 1), ENCODING_HINT);
  }
}
