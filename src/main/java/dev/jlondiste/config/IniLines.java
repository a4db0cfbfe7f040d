package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of one file, and of those it includes, into an {@link IniFile}: decides which
 * line begins a statement and which continues a value, and records their positions.
 */
final class IniLines {
  private static final int MAX_INCLUDE_DEPTH = 10;
  private static final Pattern INCLUDE = Pattern.compile("%include\\s+(.+)");

  private final IniDialect dialect;
  private final IniFile target;
  private final List<String> warnings;

  private String section = "";
  private Optional<OpenOption> open = Optional.empty();

  /** A key whose value may continue in the next line. */
  private record OpenOption(String key, int indent, String place, List<String> lines) {}

  private IniLines(IniDialect dialect, IniFile target, List<String> warnings) {
    this.dialect = dialect;
    this.target = target;
    this.warnings = warnings;
  }

  static IniFile read(Path path, IniDialect dialect, List<String> warnings) {
    if (!Files.isRegularFile(path) && !Files.isReadable(path)) {
      throw new UserError("Config file not found: " + path, null);
    }
    IniFile target = new IniFile(path.toString());
    IniLines lines = new IniLines(dialect, target, warnings);
    lines.file(path, 1);
    return target;
  }

  private void file(Path path, int depth) {
    int number = 0;
    for (String line : content(path).lines().toList()) {
      number++;
      line(line, path, number, depth);
    }
    finish();
  }

  private void line(String line, Path path, int number, int depth) {
    String text = line.strip();
    if (text.startsWith("#") || text.startsWith(";")) {
      return;
    }
    if (text.isEmpty()) {
      open.ifPresent(option -> option.lines().add(""));
      return;
    }
    int indent = line.indexOf(text);
    String place = path + ":" + number;
    if (open.isPresent() && indent > open.get().indent() && !standsAlone(text)) {
      open.get().lines().add(text);
      return;
    }
    finish();
    Matcher include = INCLUDE.matcher(text);
    if (dialect == IniDialect.TICKER && include.matches()) {
      include(include.group(1), place, depth);
    } else {
      statement(text, indent, place);
    }
  }

  private void statement(String text, int indent, String place) {
    IniStatement statement =
        IniStatement.parse(text)
            .orElseThrow(
                () ->
                    new UserError(
                        "syntax error in configuration (" + place + ")",
                        "expected a [section], a line of the form key = value, or a comment"
                            + " starting with #"));
    if (statement instanceof IniStatement.Header header) {
      section(header.section(), place);
    } else if (statement instanceof IniStatement.Option option) {
      option(option, indent, place);
    }
  }

  /** The ticker's files do not have continuation lines, but keys may be indented. */
  private boolean standsAlone(String text) {
    if (dialect != IniDialect.TICKER) {
      return false;
    }
    return INCLUDE.matcher(text).matches()
        || IniStatement.parse(text).map(IniLines::isOfTicker).orElse(false);
  }

  private static boolean isOfTicker(IniStatement statement) {
    return !(statement instanceof IniStatement.Option option)
        || KnownKeys.TICKER.isKnown(option.key().toLowerCase(Locale.ROOT));
  }

  private void section(String name, String place) {
    if (target.has(name) && !name.equals(IniFile.DEFAULTS)) {
      doubled("section [" + name + "]", place);
    }
    section = name;
    target.addSection(name);
  }

  private void option(IniStatement.Option option, int indent, String place) {
    if (section.isEmpty()) {
      throw new UserError(
          "key before the first section in configuration (" + place + ")",
          "the file starts with its main section, such as [londiste3]");
    }
    String key = option.key().toLowerCase(Locale.ROOT);
    if (target.holds(section, key)) {
      doubled("key \"" + key + "\" in section [" + section + "]", place);
    }
    List<String> lines = new ArrayList<>();
    lines.add(option.value());
    open = Optional.of(new OpenOption(key, indent, place, lines));
  }

  private void doubled(String what, String place) {
    if (dialect == IniDialect.LONDISTE) {
      throw new UserError(what + " is given twice (" + place + ")", "remove one of them");
    }
    warnings.add(what + " is given twice (" + place + "), the later one counts");
  }

  private void finish() {
    open.ifPresent(
        option ->
            target.put(
                section,
                option.key(),
                String.join("\n", option.lines()).stripTrailing(),
                option.place()));
    open = Optional.empty();
  }

  private void include(String file, String place, int depth) {
    if (depth > MAX_INCLUDE_DEPTH) {
      throw new UserError(
          "more than " + MAX_INCLUDE_DEPTH + " nested files (" + place + ")",
          "does a file include itself?");
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      throw new UserError(
          "included file not found: " + file + " (" + place + ")",
          "the path is relative to the current directory");
    }
    file(path, depth + 1);
  }

  private static String content(Path path) {
    try {
      String content = Files.readString(path, StandardCharsets.UTF_8);
      return content.startsWith("\uFEFF") ? content.substring(1) : content;
    } catch (CharacterCodingException e) {
      throw new UserError("config file " + path + " is not UTF-8 text", "convert it", e);
    } catch (IOException e) {
      throw new UserError("could not read config file " + path, "is it a readable file?", e);
    }
  }
}
