package dev.jlondiste.pgq;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that row events consist of: one object of plain values. Works on the bytes that
 * the server sends and makes each value only once, since these may be as large as the heap allows.
 * Everything that is not that is refused with an {@link IllegalArgumentException}.
 */
final class JsonScanner {
  private final byte[] json;
  private final int end;
  private int at;

  /** Reads {@code length} bytes of UTF-8 from {@code start}. */
  JsonScanner(byte[] json, int start, int length) {
    this.json = json;
    this.at = start;
    this.end = start + length;
  }

  static JsonScanner of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new JsonScanner(bytes, 0, bytes.length);
  }

  /** Moves into the object that has to begin here; false when it is empty. */
  boolean beginObject() {
    expect('{');
    return !skipIf('}');
  }

  /** The name of the next member; its value comes next. */
  String name() {
    blanks();
    String name = string();
    expect(':');
    return name;
  }

  /** As {@link #name}, but without making a string when it is the expected one. */
  boolean skipName(byte[] expected) {
    blanks();
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

  /** After a member: true when another follows, false when the object has ended. */
  boolean nextMember() {
    if (skipIf(',')) {
      return true;
    }
    expect('}');
    return false;
  }

  /** Nothing but blanks may follow. */
  void expectEnd() {
    blanks();
    if (at < end) {
      throw broken("text after the end");
    }
  }

  /** A string, or the text of a number or boolean; null for {@code null}. */
  @Nullable String plainValue() {
    blanks();
    if (at >= end) {
      throw broken("the end where a value is expected");
    }
    if (json[at] == '"') {
      return string();
    }
    if (json[at] == '{' || json[at] == '[') {
      throw broken("no plain value");
    }
    int start = at;
    while (at < end && isWordByte(json[at])) {
      at++;
    }
    if (at == start) {
      throw broken("no value");
    }
    String word = new String(json, start, at - start, StandardCharsets.ISO_8859_1);
    return word.equals("null") ? null : word;
  }

  /** An array of strings. */
  List<String> strings() {
    List<String> all = new ArrayList<>();
    expect('[');
    if (skipIf(']')) {
      return all;
    }
    do {
      blanks();
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
    int start = ++at;
    while (at < end && json[at] != '"' && json[at] != '\\') {
      at++;
    }
    if (at >= end) {
      throw broken("a string without end");
    }
    if (json[at] == '"') {
      return new String(json, start, at++ - start, StandardCharsets.UTF_8);
    }
    return escaped(start);
  }

  /** A string with a backslash at the current position. */
  private String escaped(int start) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(2 * (at - start) + 32);
    int plain = start;
    while (at < end && json[at] != '"') {
      if (json[at] == '\\') {
        text.write(json, plain, at - plain);
        text.writeBytes(escape());
        plain = at;
      } else {
        at++;
      }
    }
    if (at >= end) {
      throw broken("a string without end");
    }
    text.write(json, plain, at++ - plain);
    return text.toString(StandardCharsets.UTF_8);
  }

  private byte[] escape() {
    at++;
    byte kind = at < end ? json[at++] : 0;
    return switch (kind) {
      case '"', '\\', '/' -> new byte[] {kind};
      case 'b' -> new byte[] {'\b'};
      case 'f' -> new byte[] {'\f'};
      case 'n' -> new byte[] {'\n'};
      case 'r' -> new byte[] {'\r'};
      case 't' -> new byte[] {'\t'};
      case 'u' -> unicode().getBytes(StandardCharsets.UTF_8);
      default -> throw broken("an unknown escape");
    };
  }

  /** One character, for which two escapes may be needed. */
  private String unicode() {
    char first = hexadecimal();
    if (!Character.isHighSurrogate(first)) {
      return String.valueOf(first);
    }
    if (at + 1 >= end || json[at] != '\\' || json[at + 1] != 'u') {
      throw broken("half a character");
    }
    at += 2;
    return new String(new char[] {first, hexadecimal()});
  }

  private char hexadecimal() {
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

  private boolean skipIf(char wanted) {
    blanks();
    if (at < end && json[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!skipIf(wanted)) {
      throw broken("no '" + wanted + "'");
    }
  }

  private void blanks() {
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
