package dev.jlondiste.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import org.ini4j.Config;
import org.ini4j.spi.IniHandler;
import org.ini4j.spi.IniParser;

/**
 * The statement in one line of an ini file, parsed by ini4j. {@link IniLines} splits the file into
 * lines and finds continuation lines: see {@code adr/0008}.
 */
sealed interface IniStatement {
  /** {@code [section]}. */
  record Header(String section) implements IniStatement {}

  /** {@code key = value} or {@code key: value}; the value may be empty. */
  record Option(String key, String value) implements IniStatement {}

  /**
   * Empty if the line is neither.
   *
   * @param line without leading and trailing blanks, not empty, no comment
   */
  static Optional<IniStatement> parse(String line) {
    // Text after a header, such as a comment, is removed because ini4j refuses it.
    int end = line.startsWith("[") ? line.lastIndexOf(']') + 1 : 0;
    OneLine handler = new OneLine();
    try {
      OneLine.PARSER.parse(new StringReader(end > 0 ? line.substring(0, end) : line), handler);
    } catch (IOException e) { // ini4j throws this for a syntax error
      return Optional.empty();
    }
    return handler.statement;
  }

  /** Receives a section before its option; the section has no name if the line is an option. */
  final class OneLine implements IniHandler {
    private static final IniParser PARSER = IniParser.newInstance(asWritten());

    private Optional<IniStatement> statement = Optional.empty();

    private OneLine() {}

    private static Config asWritten() {
      Config config = new Config();
      config.setEscape(false);
      config.setEscapeNewline(false);
      config.setGlobalSection(true);
      return config;
    }

    @Override
    public void startSection(String name) {
      statement = Optional.of(new Header(name));
    }

    @Override
    public void handleOption(String key, String value) {
      statement = Optional.of(new Option(key, value));
    }

    @Override
    public void handleComment(String comment) {}

    @Override
    public void startIni() {}

    @Override
    public void endSection() {}

    @Override
    public void endIni() {}
  }
}
