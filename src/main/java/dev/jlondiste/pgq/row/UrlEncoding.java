package dev.jlondiste.pgq.row;

import dev.jlondiste.db.Utf8Check;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The row format of {@code pgq.logutriga}, also used for dictionaries: {@code
 * name=value&name=value}, blank as {@code +}, other bytes as {@code %xx}; a name without {@code =}
 * is NULL.
 */
public final class UrlEncoding {
  private static final String UNCHANGED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

  private UrlEncoding() {}

  /**
   * Decodes a row, in the order of the text; a null value is NULL.
   *
   * @throws IllegalArgumentException if the encoding is malformed, or bytes are not UTF-8
   */
  public static Map<String, @Nullable String> decodeRow(String text) {
    return decodeRow(text, StandardCharsets.UTF_8);
  }

  /** As above; {@code charset} is the character set of the encoded bytes. */
  static Map<String, @Nullable String> decodeRow(String text, Charset charset) {
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf('&', start);
      int stop = end < 0 ? text.length() : end;
      if (stop > start) {
        int equals = text.indexOf('=', start);
        boolean isNull = equals < 0 || equals >= stop;
        String name = decode(text.substring(start, isNull ? stop : equals), charset);
        row.put(name, isNull ? null : decode(text.substring(equals + 1, stop), charset));
      }
      start = stop + 1;
    }
    return row;
  }

  /** As above, with empty texts instead of NULL. */
  public static Map<String, String> decodeDictionary(String text) {
    Map<String, String> dictionary = new LinkedHashMap<>();
    decodeRow(text).forEach((name, value) -> dictionary.put(name, value == null ? "" : value));
    return dictionary;
  }

  /** Encodes the pairs in the order of the map. */
  public static String encode(Map<String, String> dictionary) {
    return dictionary.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** Encodes one name or value as UTF-8. */
  public static String encode(String text) {
    return encode(text, StandardCharsets.UTF_8);
  }

  /** Encodes a value that is {@link dev.jlondiste.db.RawText}. */
  public static String encodeRaw(String text) {
    return encode(text, StandardCharsets.ISO_8859_1);
  }

  private static String encode(String text, Charset charset) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(charset)) {
      char c = (char) (b & 0xff);
      if (UNCHANGED.indexOf(c) >= 0) {
        encoded.append(c);
      } else if (c == ' ') {
        encoded.append('+');
      } else {
        encoded.append('%').append(Character.forDigit(c >> 4, 16));
        encoded.append(Character.forDigit(c & 0xf, 16));
      }
    }
    return encoded.toString();
  }

  /** Encoded bytes that are not UTF-8. */
  static final class NotUtf8 extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    NotUtf8(@Nullable String message, Exception cause) {
      super(message, cause);
    }
  }

  private static String decode(String text, Charset charset) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(charset);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '+') {
        bytes.write(' ');
      } else if (raw[i] == '%') {
        bytes.write(hexDigit(text, raw, i + 1) << 4 | hexDigit(text, raw, i + 2));
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return decode(bytes.toByteArray(), charset);
  }

  /** Fails for invalid bytes: a replacement character would change the value without an error. */
  private static String decode(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotUtf8(new Utf8Check().problem(bytes, 0, bytes.length), e);
    }
  }

  private static int hexDigit(String text, byte[] raw, int position) {
    int digit = position < raw.length ? Character.digit(raw[position], 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("broken url-encoding: '" + text + "'");
    }
    return digit;
  }
}
