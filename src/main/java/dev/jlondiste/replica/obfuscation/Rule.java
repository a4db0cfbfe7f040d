package dev.jlondiste.replica.obfuscation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/** What becomes of the value of a column, or of a member of a JSON object. */
public enum Rule {
  /** The value stays. */
  KEEP(""),
  /** The column is left out. */
  SKIP(""),
  /** Whether the value is not empty. */
  BOOL("boolean"),
  /** A hash of 32 bits, as a signed number. */
  HASH32("integer"),
  /** A hash of 64 bits, as a signed number. */
  HASH64("bigint"),
  /** A hash of 128 bits, in the format of a UUID that no generator returns. */
  HASH("uuid");

  private static final int BITS_PER_BYTE = 8;
  private static final int UUID_BYTES = 16;

  /** The byte of a UUID with its variant. */
  private static final int VARIANT = 8;

  private static final int VARIANT_MASK = 0x7f;

  private final String type;

  Rule(String type) {
    this.type = type;
  }

  /** The SQL type of the values; empty if they keep their type. */
  public String type() {
    return type;
  }

  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Rule of(String word) {
    return Arrays.stream(values())
        .filter(rule -> rule.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown rule '%s'; rules are %s, or a map for the members of a JSON object"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(Rule::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** The text that replaces a value. {@code value} is its text in the encoding of the database. */
  byte[] apply(byte[] value, byte[] key) {
    return switch (this) {
      case KEEP -> value;
      case SKIP -> throw new IllegalStateException("a column that is left out has no value");
      case BOOL -> ascii(value.length == 0 ? "f" : "t");
      case HASH32 -> hash(value, key, Integer.BYTES, bytes -> String.valueOf(bytes.getInt()));
      case HASH64 -> hash(value, key, Long.BYTES, bytes -> String.valueOf(bytes.getLong()));
      case HASH -> hash(value, key, UUID_BYTES, Rule::uuid);
    };
  }

  private static byte[] hash(
      byte[] text, byte[] key, int bytes, Function<ByteBuffer, String> format) {
    byte[] value = ValueText.canonical(text);
    Blake2sDigest digest =
        key.length == 0
            ? new Blake2sDigest(bytes * BITS_PER_BYTE)
            : new Blake2sDigest(key, bytes, null, null);
    digest.update(value, 0, value.length);
    byte[] hash = new byte[bytes];
    digest.doFinal(hash, 0);
    return ascii(format.apply(ByteBuffer.wrap(hash)));
  }

  private static String uuid(ByteBuffer bytes) {
    bytes.put(VARIANT, (byte) (bytes.get(VARIANT) & VARIANT_MASK));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
