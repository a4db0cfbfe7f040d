package dev.jlondiste.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of {@code --ini}: every key with a comment. The files in {@code conf/} are created
 * from it.
 */
public final class SampleIni {
  private static final Pattern COMMENTED_KEY = Pattern.compile("#([a-z0-9_]+) =.*");

  private SampleIni() {}

  /**
   * The sample for a node.
   *
   * @param section the program's own name
   * @param values {@code --set}: each known key is set in a line below its commented line
   */
  public static String node(String section, Map<String, String> values) {
    return withValues(resource("londiste-sample.ini").replace("@SECTION@", section), values);
  }

  /** The sample for {@code pgqd}. */
  public static String ticker(Map<String, String> values) {
    return withValues(resource("pgqd-sample.ini"), values);
  }

  /** The sample for a program that consumes one queue on its own. */
  public static String companion(CompanionKind kind, Map<String, String> values) {
    String sample = resource(kind.command() + "-sample.ini") + resource("companion-sample.ini");
    return withValues(sample, values);
  }

  private static String withValues(String sample, Map<String, String> values) {
    Map<String, String> left = new HashMap<>();
    values.forEach((key, value) -> left.put(key.strip().toLowerCase(Locale.ROOT), value));
    StringBuilder result = new StringBuilder();
    for (String line : sample.lines().toList()) {
      result.append(line).append('\n');
      Matcher key = COMMENTED_KEY.matcher(line);
      if (key.matches() && left.containsKey(key.group(1))) {
        String active = key.group(1) + " = " + left.remove(key.group(1)).strip();
        result.append(active.stripTrailing()).append('\n');
      }
    }
    return result.toString();
  }

  private static String resource(String name) {
    try (InputStream stream = SampleIni.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("not in the program: " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
