package dev.jlondiste.replica.obfuscation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Applies rules to the members of a JSON object. Members without a rule are left out. */
final class JsonMembers {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] key;

  private JsonMembers(byte[] key) {
    this.key = key;
  }

  /** Returns the object with the members that have a rule; an empty one for other JSON values. */
  static byte[] apply(Map<String, ColumnRule> rules, byte[] value, byte[] key) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(value.length);
    try (JsonParser in = JSON.createParser(value);
        JsonGenerator out = JSON.createGenerator(text)) {
      in.nextToken();
      new JsonMembers(key).object(rules, in, out);
    } catch (IOException e) {
      // The message of the parser may have parts of the value.
      throw new IllegalArgumentException("the value of a column with a map of rules is not JSON");
    }
    return text.toByteArray();
  }

  private void object(Map<String, ColumnRule> rules, JsonParser in, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    if (in.currentToken() == JsonToken.START_OBJECT) {
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        member(name, rules.getOrDefault(name, ColumnRule.of(Rule.SKIP)), in, out);
      }
    } else {
      in.skipChildren();
    }
    out.writeEndObject();
  }

  private void member(String name, ColumnRule rule, JsonParser in, JsonGenerator out)
      throws IOException {
    if (!rule.isObject() && rule.rule() == Rule.SKIP) {
      in.skipChildren();
      return;
    }
    out.writeFieldName(name);
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      out.writeNull();
    } else if (rule.isObject()) {
      object(rule.members(), in, out);
    } else if (rule.rule() == Rule.KEEP) {
      out.copyCurrentStructureExact(in);
    } else {
      String text =
          new String(
              rule.rule().apply(text(in).getBytes(StandardCharsets.UTF_8), key),
              StandardCharsets.US_ASCII);
      switch (rule.rule()) {
        case BOOL -> out.writeBoolean(text.equals("t"));
        case HASH -> out.writeString(text);
        default -> out.writeNumber(text);
      }
    }
  }

  /** The text of a value: a string without quotes, other values as JSON. */
  private static String text(JsonParser in) throws IOException {
    if (!in.currentToken().isStructStart()) {
      return in.getText();
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.copyCurrentStructureExact(in);
    }
    return text.toString();
  }
}
