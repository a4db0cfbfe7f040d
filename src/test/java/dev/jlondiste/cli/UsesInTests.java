package dev.jlondiste.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the test classes use, read from the string literals of their sources: a word of a command
 * line, or a key that is set in an ini file. An option counts for each command that its class
 * names.
 */
final class UsesInTests {
  /** A text block, or a string. */
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"\\R(.*?)\"\"\"|\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);

  private static final Pattern KEY =
      Pattern.compile("(?m)(?:^(?:--set=)?|\\\\n)\\s*([a-z_]+)\\s*=");

  private final Map<String, List<String>> literals = new TreeMap<>();

  private UsesInTests() {}

  /** Reads all test classes below {@code sources} except those with a name in {@code without}. */
  static UsesInTests read(Path sources, Set<String> without) throws IOException {
    UsesInTests uses = new UsesInTests();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().matches(".*(IT|Test)\\.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!without.contains(name)) {
          uses.literals.put(
              name,
              LITERAL
                  .matcher(Files.readString(file))
                  .results()
                  .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                  .toList());
        }
      }
    }
    return uses;
  }

  /** The classes by the words of command lines that they use; options without their values. */
  Map<String, Set<String>> words() {
    Map<String, Set<String>> uses = new TreeMap<>();
    literals.forEach(
        (test, all) ->
            all.stream()
                .flatMap(UsesInTests::words)
                .forEach(word -> add(uses, word.replaceFirst("(?s)^(-[^=]*)=.*", "$1"), test)));
    return uses;
  }

  /** A literal is one word, or a script with a command in each line. */
  private static Stream<String> words(String literal) {
    return literal.contains("\n") || literal.startsWith("londiste")
        ? Arrays.stream(literal.split("[\\s'\"]+"))
        : Stream.of(literal.startsWith("-") ? literal : literal.replaceFirst("(?s) .*", ""));
  }

  /** The classes by the keys that they set in an ini file. */
  Map<String, Set<String>> keys() {
    Map<String, Set<String>> uses = new TreeMap<>();
    literals.forEach(
        (test, all) ->
            all.stream()
                .flatMap(literal -> KEY.matcher(literal).results())
                .forEach(key -> add(uses, key.group(1), test)));
    return uses;
  }

  /** The classes in which a literal matches. */
  Set<String> matching(Pattern pattern) {
    return literals.entrySet().stream()
        .filter(test -> test.getValue().stream().anyMatch(text -> pattern.matcher(text).find()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void add(Map<String, Set<String>> uses, String what, String test) {
    uses.computeIfAbsent(what, key -> new TreeSet<>()).add(test);
  }
}
