package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scans the JSON of row events: one object whose values are scalars, or arrays of strings. Works on
 * the bytes that the server sends and decodes a value at most once, because values can be very
 * large. Throws {@link IllegalArgumentException} for any other JSON.
 */
final class JsonScanner {
  private static final int UNIT_DIGITS = 4;

  private final byte[] json;
  private final int end;
  private int at;
  private int valueStart;
  private int valueEnd;

  /** Scans {@code length} bytes of UTF-8 from {@code start}. */
  JsonScanner(byte[] json, int start, int length) {
    this.json = json;
    this.at = start;
    this.end = start + length;
  }

  static JsonScanner of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new JsonScanner(bytes, 0, bytes.length);
  }

  /** Expects an object and moves into it; returns false if it is empty. */
  boolean beginObject() {
    expect('{');
    return !skipIf('}');
  }

  /** Returns the name of the next member and moves to its value. */
  String name() {
    skipBlanks();
    String name = string();
    expect(':');
    return name;
  }

  /**
   * Moves to the value of the next member if it has this name; otherwise does nothing and returns
   * false.
   */
  boolean skipName(byte[] expected) {
    skipBlanks();
    int close = at + 1 + expected.length;
    if (close < end
        && json[at] == '"'
        && json[close] == '"'
        && Arrays.equals(json, at + 1, close, expected, 0, expected.length)) {
      at = close + 1;
      expect(':');
      return true;
    }
    return false;
  }

  /** Moves on after a member; returns false at the end of the object. */
  boolean nextMember() {
    if (skipIf(',')) {
      return true;
    }
    expect('}');
    return false;
  }

  /** Fails if anything but blanks follows. */
  void expectEnd() {
    skipBlanks();
    if (at < end) {
      throw broken("text after the end");
    }
  }

  /** The kind of a value. */
  enum Kind {
    NULL,
    /** A string without escapes, or a number or boolean. */
    PLAIN,
    /** A string with escapes. */
    ESCAPED
  }

  /** Skips a scalar; its text is between {@link #valueStart} and {@link #valueEnd}. */
  Kind skipValue() {
    skipBlanks();
    if (at >= end) {
      throw broken("the end where a value is expected");
    }
    if (json[at] == '"') {
      return skipString();
    }
    if (json[at] == '{' || json[at] == '[') {
      throw broken("no plain value");
    }
    valueStart = at;
    while (at < end && isWordByte(json[at])) {
      at++;
    }
    valueEnd = at;
    if (valueEnd == valueStart) {
      throw broken("no value");
    }
    return isNull() ? Kind.NULL : Kind.PLAIN;
  }

  private boolean isNull() {
    return valueEnd - valueStart == 4
        && json[valueStart] == 'n'
        && json[valueStart + 1] == 'u'
        && json[valueStart + 2] == 'l'
        && json[valueStart + 3] == 'l';
  }

  int valueStart() {
    return valueStart;
  }

  int valueEnd() {
    return valueEnd;
  }

  /** Returns a string, or the text of a number or boolean; null for {@code null}. */
  @Nullable String plainValue() {
    Kind kind = skipValue();
    return kind == Kind.NULL ? null : text(json, valueStart, valueEnd, kind);
  }

  /** Returns the text of a value that was skipped. */
  static String text(byte[] json, int start, int end, Kind kind) {
    return kind == Kind.ESCAPED
        ? unescape(json, start, end)
        : new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  /** Returns an array of strings. */
  List<String> strings() {
    List<String> all = new ArrayList<>();
    expect('[');
    if (skipIf(']')) {
      return all;
    }
    do {
      skipBlanks();
      all.add(string());
    } while (skipIf(','));
    expect(']');
    return all;
  }

  private static boolean isWordByte(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '-'
        || b == '+'
        || b == '.';
  }

  private String string() {
    if (at >= end || json[at] != '"') {
      throw broken("no string");
    }
    Kind kind = skipString();
    return text(json, valueStart, valueEnd, kind);
  }

  /** The fast path: most strings have no escapes. */
  private Kind skipString() {
    byte[] text = json;
    int last = end;
    int i = at + 1;
    while (i < last && text[i] != '"' && text[i] != '\\' && (text[i] >= ' ' || text[i] < 0)) {
      i++;
    }
    valueStart = at + 1;
    at = i;
    if (i < last && text[i] == '"') {
      valueEnd = at++;
      return Kind.PLAIN;
    }
    return skipRestOfString();
  }

  private Kind skipRestOfString() {
    Kind kind = Kind.PLAIN;
    while (at < end && json[at] != '"') {
      if (json[at] == '\\') {
        kind = Kind.ESCAPED;
        skipEscape();
      } else if (json[at] >= 0 && json[at] < ' ') {
        throw broken("a control character");
      } else {
        at++;
      }
    }
    if (at >= end) {
      throw broken("a string without end");
    }
    valueEnd = at++;
    return kind;
  }

  private void skipEscape() {
    at++;
    byte kind = at < end ? json[at++] : 0;
    if (kind == 'u') {
      char first = hexDigits();
      if (Character.isHighSurrogate(first)) {
        if (at + 1 >= end || json[at] != '\\' || json[at + 1] != 'u') {
          throw broken("half a character");
        }
        at += 2;
        hexDigits();
      }
    } else if ("\"\\/bfnrt".indexOf(kind) < 0) {
      throw broken("an unknown escape");
    }
  }

  private char hexDigits() {
    int code = 0;
    for (int i = 0; i < 4; i++, at++) {
      int digit = at < end ? Character.digit(json[at], 16) : -1;
      if (digit < 0) {
        throw broken("a broken \\u escape");
      }
      code = (code << 4) | digit;
    }
    return (char) code;
  }

  /** Decodes a string whose escapes have been checked. */
  private static String unescape(byte[] json, int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    int plain = start;
    for (int i = start; i < end; i++) {
      if (json[i] != '\\') {
        continue;
      }
      text.append(new String(json, plain, i - plain, StandardCharsets.UTF_8));
      byte kind = json[++i];
      if (kind == 'u') {
        text.append(codeUnit(json, i + 1));
        i += UNIT_DIGITS;
      } else {
        text.append(character(kind));
      }
      plain = i + 1;
    }
    return text.append(new String(json, plain, end - plain, StandardCharsets.UTF_8)).toString();
  }

  /**
   * Copies a string whose escapes have been checked. The bytes between escapes have no backslashes
   * and no control characters, so COPY reads them as they are.
   */
  static void copyUnescaped(byte[] json, int start, int end, CopyRows rows) throws SQLException {
    int plain = start;
    for (int i = start; i < end; i++) {
      if (json[i] != '\\') {
        continue;
      }
      rows.encoded(json, plain, i - plain);
      byte kind = json[++i];
      if (kind == 'u') {
        char unit = codeUnit(json, i + 1);
        i += UNIT_DIGITS;
        if (Character.isHighSurrogate(unit)) {
          rows.character(Character.toCodePoint(unit, codeUnit(json, i + 3)));
          i += UNIT_DIGITS + 2;
        } else {
          rows.character(unit);
        }
      } else {
        rows.character(character(kind));
      }
      plain = i + 1;
    }
    rows.encoded(json, plain, end - plain);
  }

  private static char codeUnit(byte[] json, int start) {
    String digits = new String(json, start, UNIT_DIGITS, StandardCharsets.ISO_8859_1);
    return (char) Integer.parseInt(digits, 16);
  }

  private static char character(byte escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) escape;
    };
  }

  private boolean skipIf(char expected) {
    skipBlanks();
    if (at < end && json[at] == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char expected) {
    if (!skipIf(expected)) {
      throw broken("no '" + expected + "'");
    }
  }

  private void skipBlanks() {
    while (at < end
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\t' || json[at] == '\r')) {
      at++;
    }
  }

  private IllegalArgumentException broken(String what) {
    int from = Math.max(0, Math.min(at, end) - 10);
    String near =
        new String(json, from, Math.min(end, from + 30) - from, StandardCharsets.ISO_8859_1);
    return new IllegalArgumentException("broken JSON, " + what + " near '" + near + "'");
  }
}
