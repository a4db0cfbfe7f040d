package dev.jlondiste.cli;

import dev.jlondiste.config.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command line, split into options and other words before the command is known. Options may be
 * anywhere on the line, so the options of all commands together determine which words are values of
 * options.
 *
 * @param options the options given, by full name
 * @param plain the other words: ini file, command, arguments
 */
record Arguments(List<Given> options, List<String> plain) {
  /** An option with its value; null for a flag. */
  record Given(String name, @Nullable String value) {
    /**
     * The option as picocli reads it. The form NAME=VALUE is safe even if the value begins with a
     * dash.
     */
    String text() {
      return value == null ? name : name + "=" + value;
    }
  }

  /**
   * Sets the fields of {@code target} from its own options; options that it does not have are
   * ignored.
   */
  <T> T bind(T target, List<String> arguments) {
    CommandLine line = new CommandLine(target).setTrimQuotes(false);
    line.setOverwrittenOptionsAllowed(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.setInterpolateVariables(false);
    CommandSpec spec = line.getCommandSpec();
    List<String> own = new ArrayList<>();
    options.stream()
        .filter(given -> spec.findOption(given.name()) != null)
        .forEach(given -> own.add(given.text()));
    if (!arguments.isEmpty()) {
      own.add("--");
      own.addAll(arguments);
    }
    try {
      line.parseArgs(own.toArray(new String[0]));
      return target;
    } catch (CommandLine.ParameterException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  /** Splits words by the options of all commands. */
  static final class Reader {
    private final TreeMap<String, OptionSpec> known = new TreeMap<>();

    Reader(List<CommandSpec> commands) {
      for (CommandSpec command : commands) {
        for (OptionSpec option : command.options()) {
          for (String name : option.names()) {
            OptionSpec other = known.putIfAbsent(name, option);
            if (other != null && takesValue(other) != takesValue(option)) {
              throw new IllegalStateException(
                  name + " takes a value in one command and none in another");
            }
          }
        }
      }
    }

    Arguments read(List<String> words) {
      List<Given> options = new ArrayList<>();
      List<String> plain = new ArrayList<>();
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if (word.equals("--")) {
          plain.addAll(words.subList(i + 1, words.size()));
          break;
        }
        if (word.startsWith("--")) {
          i += readLong(word, i + 1 < words.size() ? words.get(i + 1) : null, options);
        } else if (word.length() > 1 && word.charAt(0) == '-') {
          readShort(word, options);
        } else {
          plain.add(word);
        }
      }
      return new Arguments(options, plain);
    }

    /** Reads a long option; returns the number of following words that belong to it: 0 or 1. */
    private int readLong(String word, @Nullable String next, List<Given> options) {
      int equals = word.indexOf('=');
      String name = resolve(equals < 0 ? word : word.substring(0, equals));
      if (!takesValue(name)) {
        if (equals >= 0 && !mayTakeValue(name)) {
          throw new UsageError(name + " option does not take a value");
        }
        options.add(new Given(name, equals < 0 ? null : word.substring(equals + 1)));
        return 0;
      }
      if (equals >= 0) {
        options.add(new Given(name, word.substring(equals + 1)));
        return 0;
      }
      if (next == null) {
        throw new UsageError(name + " option requires 1 argument");
      }
      options.add(new Given(name, next));
      return 1;
    }

    private void readShort(String word, List<Given> options) {
      for (int i = 1; i < word.length(); i++) {
        String name = "-" + word.charAt(i);
        if (!known.containsKey(name)) {
          throw new UsageError("no such option: " + name);
        }
        options.add(new Given(name, null));
      }
    }

    private String resolve(String name) {
      if (known.containsKey(name)) {
        return name;
      }
      Map<String, OptionSpec> candidates = known.subMap(name, name + Character.MAX_VALUE);
      if (candidates.isEmpty()) {
        throw new UsageError("no such option: " + name + Spelling.guess(name, known.keySet()));
      }
      // Two spellings of one option are not ambiguous.
      if (candidates.values().stream().distinct().count() > 1 && candidates.size() > 1) {
        throw new UsageError(
            candidates.keySet().stream()
                .collect(Collectors.joining(", ", "ambiguous option: " + name + " (", "?)")));
      }
      return candidates.keySet().iterator().next();
    }

    private boolean takesValue(String name) {
      OptionSpec option = known.get(name);
      return option != null && takesValue(option);
    }

    private static boolean takesValue(OptionSpec option) {
      return option.arity().min() > 0;
    }

    /** True for an option whose value can be left out, and must follow {@code =}. */
    private boolean mayTakeValue(String name) {
      OptionSpec option = known.get(name);
      return option != null && option.arity().max() > 0;
    }
  }
}
