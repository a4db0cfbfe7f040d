package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.CompanionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** Every command that a page shows exists, takes that many arguments and knows those options. */
class DocumentedCommandsTest {
  private static final Path PAGES = Path.of("src/docs");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`|(?m)^ {4,}(\\S.*)$");
  private static final Pattern WORD = Pattern.compile("\\s*((?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+)");
  private static final Set<String> PROGRAMS = Set.of("londiste3", "londiste", "jlondiste");
  private static final Set<String> WITHOUT_INI = Set.of("demo", "extension-files", "qadmin");

  private final Commands commands = new Commands();

  @Test
  void command_lines_can_be_typed_as_they_are_shown() throws IOException {
    List<String> refused = new ArrayList<>();
    int checked = 0;
    for (Path page : pages()) {
      for (MatchResult code : CODE.matcher(Files.readString(page)).results().toList()) {
        boolean inline = code.group(1) != null;
        String text = inline ? code.group(1) : code.group(2);
        Optional<String> problem = nodeCommand(words(text), inline).map(this::problem);
        if (problem.isPresent()) {
          checked++;
          problem
              .filter(found -> !found.isEmpty())
              .ifPresent(found -> refused.add(page + ": " + text + ": " + found));
        }
      }
    }
    assertThat(refused).isEmpty();
    assertThat(checked).isGreaterThan(50);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return Stream.concat(
              Stream.of(Path.of("README.md")),
              files.filter(file -> file.toString().endsWith(".md")))
          .filter(file -> !file.endsWith("commands.md"))
          .toList();
    }
  }

  private static List<String> words(String text) {
    return WORD.matcher(text.replaceFirst(" +(&&|>|#|;) .*", ""))
        .results()
        .map(word -> word.group(1).replaceAll("['\"]", ""))
        .toList();
  }

  /**
   * The words after the program; empty for other code.
   *
   * @param inline part of a sentence, where a command may stand without program and ini file
   */
  private Optional<List<String>> nodeCommand(List<String> words, boolean inline) {
    String first = words.get(0).replaceFirst(".*/", "");
    if (PROGRAMS.contains(first) && words.size() > 1) {
      return WITHOUT_INI.contains(words.get(1))
          ? Optional.empty()
          : Optional.of(words.subList(1, words.size()));
    }
    boolean alone = inline && words.size() > 1 && commands.find(first).isPresent();
    return alone
        ? Optional.of(Stream.concat(Stream.of("node.ini"), words.stream()).toList())
        : Optional.empty();
  }

  /** Empty if there is none. */
  private String problem(List<String> typed) {
    if (CompanionKind.called(typed.get(0)).isPresent()) {
      return companionProblem(typed.subList(1, typed.size()));
    }
    Arguments words;
    try {
      words = commands.reader().read(typed);
    } catch (UsageError e) {
      return e.problem();
    }
    CommandSpec common = CommandSpec.forAnnotatedObject(new CommonOptions());
    if (words.plain().size() < 2) {
      return unknown(words, common, common);
    }
    Optional<NodeCommand> command = commands.find(words.plain().get(1));
    if (command.isEmpty()) {
      return isPlaceholder(words.plain().get(1)) ? "" : "no such command";
    }
    CommandSpec spec = CommandSpec.forAnnotatedObject(command.get());
    String problem = CommandEntry.wrongArgumentCount(spec, words.plain().size() - 2);
    return problem.isEmpty() ? unknown(words, spec, common) : problem;
  }

  private static String companionProblem(List<String> typed) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new CompanionOptions());
    try {
      Arguments words = new Arguments.Reader(List.of(spec)).read(typed);
      return words.plain().size() > 1 ? "takes one ini file" : "";
    } catch (UsageError e) {
      return e.problem();
    }
  }

  private static boolean isPlaceholder(String word) {
    return word.matches("[A-Z]+|…|\\.\\.\\.");
  }

  private static String unknown(Arguments words, CommandSpec spec, CommandSpec common) {
    return words.options().stream()
        .map(Arguments.Given::name)
        .filter(name -> spec.findOption(name) == null && common.findOption(name) == null)
        .findFirst()
        .map(name -> "has no option " + name)
        .orElse("");
  }
}
