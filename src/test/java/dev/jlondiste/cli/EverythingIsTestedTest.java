package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.config.SampleIni;
import dev.jlondiste.replica.handler.HandlerArgument;
import dev.jlondiste.replica.handler.HandlerDescription;
import dev.jlondiste.replica.handler.TableHandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
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
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every command with its options, every key of an ini file, every handler with its arguments is
 * used by a test. Writes the table of the tests to {@code target/tested.md}.
 */
class EverythingIsTestedTest {
  private static final Path TABLE = Path.of("target/tested.md");

  /** They name keys and options without using them. */
  private static final Set<String> WITHOUT =
      Set.of(
          "EverythingIsTestedTest",
          "SampleIniTest",
          "DocumentedKeysTest",
          "ArgumentsTest",
          "CommandsPageTest");

  private static final Pattern SAMPLE_KEY = Pattern.compile("(?m)^#?([a-z_]+) =");

  /**
   * Names for defaults of the arguments of {@code dispatch}. LoadArgumentsTest makes all of them
   * from their parts, so they stand in no source.
   */
  private static final Pattern PRESET =
      Pattern.compile("(bulk_)?(hourly|daily|monthly|yearly)_(event|batch|field|time)");

  private final Map<String, Set<String>> rows = new TreeMap<>();

  @Test
  void by_at_least_one_test() throws IOException {
    UsesInTests uses = UsesInTests.read(Path.of("src/test/java"), WITHOUT);
    addCommands(uses);
    addKeys(uses);
    addHandlers(uses);
    Files.writeString(TABLE, table());
    assertThat(rows).hasSizeGreaterThan(300);
    assertThat(rows.entrySet().stream().filter(row -> row.getValue().isEmpty()))
        .as("not used by any test; the table is in %s", TABLE)
        .extracting(Map.Entry::getKey)
        .isEmpty();
  }

  private void addCommands(UsesInTests uses) {
    List<CommandSpec> specs =
        Arrays.stream(CommandGroup.values())
            .flatMap(group -> new Commands().in(group).stream())
            .map(CommandEntry::spec)
            .toList();
    Map<String, Set<String>> used = uses.words();
    for (CommandSpec spec : specs) {
      names(spec).forEach(name -> rows.put(name, used.getOrDefault(name, Set.of())));
      Set<String> tests = union(used, names(spec));
      for (OptionSpec option : visible(spec)) {
        Set<String> both = union(used, List.of(option.names()));
        both.retainAll(tests);
        rows.put(spec.name() + " " + option.longestName(), both);
      }
    }
    for (OptionSpec option : visible(CommandSpec.forAnnotatedObject(new CommonOptions()))) {
      rows.put("all commands: " + option.longestName(), union(used, List.of(option.names())));
    }
  }

  private static List<OptionSpec> visible(CommandSpec spec) {
    return spec.options().stream().filter(option -> !option.hidden()).toList();
  }

  private static Set<String> union(Map<String, Set<String>> used, List<String> words) {
    return words.stream()
        .flatMap(word -> used.getOrDefault(word, Set.of()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> names(CommandSpec spec) {
    return Stream.concat(Stream.of(spec.name()), Arrays.stream(spec.aliases())).toList();
  }

  private void addKeys(UsesInTests uses) {
    Map<String, Set<String>> used = uses.keys();
    String samples =
        SampleIni.node("londiste3", Map.of())
            + SampleIni.ticker(Map.of())
            + Arrays.stream(CompanionKind.values())
                .map(kind -> SampleIni.companion(kind, Map.of()))
                .collect(Collectors.joining());
    SAMPLE_KEY
        .matcher(samples)
        .results()
        .map(key -> key.group(1))
        .forEach(key -> rows.put("key " + key, used.getOrDefault(key, Set.of())));
  }

  private void addHandlers(UsesInTests uses) {
    for (TableHandlerFactory factory : TableHandlers.all()) {
      HandlerDescription handler = factory.description();
      if (PRESET.matcher(handler.name()).matches()) {
        continue;
      }
      Set<String> tests = uses.matching(handler(handler.name()));
      rows.put("handler " + handler.name(), tests);
      for (String alias : handler.aliases()) {
        rows.put("handler " + alias, uses.matching(handler(alias)));
      }
      if (handler.name().equals("dispatch")) {
        tests.addAll(uses.matching(PRESET));
      }
      addArguments(handler, tests, uses);
    }
  }

  private void addArguments(HandlerDescription handler, Set<String> tests, UsesInTests uses) {
    for (HandlerArgument argument : handler.arguments()) {
      Set<String> both = uses.matching(argument(argument));
      both.retainAll(tests);
      rows.put("handler " + handler.name() + ": " + argument.name(), both);
    }
  }

  private static Pattern handler(String name) {
    return Pattern.compile("^" + name + "$|handler=" + name + "\\b|^\\s*" + name + "[ ,(]");
  }

  private static Pattern argument(HandlerArgument argument) {
    return Pattern.compile(
        "(?:^|[(&,=\\s])(?:"
            + String.join(
                "|",
                Stream.concat(Stream.of(argument.name()), argument.aliases().stream()).toList())
            + ")(?:=|$)");
  }

  private String table() {
    StringBuilder table = new StringBuilder("| what | tests |\n|---|---|\n");
    rows.forEach(
        (what, tests) -> table.append("| `%s` | %s |\n".formatted(what, String.join(", ", tests))));
    return table.toString();
  }
}
