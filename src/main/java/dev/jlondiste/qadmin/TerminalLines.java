package dev.jlondiste.qadmin;

import java.io.IOError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that an operator types at a terminal, with history and completion. Only this class and
 * {@link TypedHistory} use JLine; without a terminal neither is loaded.
 */
final class TerminalLines implements LineSource, AutoCloseable {
  /** Shows the operator where the statement will run. */
  @FunctionalInterface
  interface Prompt {
    String text(boolean continued);
  }

  private static final Logger log = LoggerFactory.getLogger(TerminalLines.class);
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final Terminal terminal;
  private final LineReader reader;
  private final TypedHistory history;
  private final Prompt prompt;
  private final Completion completion;
  private final StringBuilder statement = new StringBuilder();

  private TerminalLines(Terminal terminal, Path file, Prompt prompt, Completion completion) {
    this.terminal = terminal;
    this.prompt = prompt;
    this.completion = completion;
    this.history = new TypedHistory();
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(new char[0]);
    parser.setQuoteChars(new char[0]);
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .history(history)
            .completer(this::complete)
            .variable(LineReader.HISTORY_FILE, file)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, false)
            .option(LineReader.Option.INSERT_TAB, true) // at the start of a line, as in pasted SQL
            .build();
  }

  /** The terminal of this process. */
  static TerminalLines ofProcess(Path file, Prompt prompt, Completion completion)
      throws IOException {
    return on(TerminalBuilder.builder().system(true).dumb(true).build(), file, prompt, completion);
  }

  static TerminalLines on(Terminal terminal, Path file, Prompt prompt, Completion completion) {
    try {
      createPrivately(file);
    } catch (IOException | UnsupportedOperationException e) {
      return new TerminalLines(terminal, Path.of("/dev/null"), prompt, completion);
    }
    return new TerminalLines(terminal, file, prompt, completion);
  }

  /** Statements may tell more than others should read. */
  private static void createPrivately(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (!Files.exists(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
    } else if (Files.isReadable(file) && Files.isWritable(file)) {
      Files.setPosixFilePermissions(file, PRIVATE);
    } else {
      throw new AccessDeniedException(file.toString());
    }
  }

  @Override
  public @Nullable String nextLine(boolean continued) throws IOException {
    if (!continued) {
      statement.setLength(0);
      history.beginStatement();
    }
    try {
      String line = reader.readLine(prompt.text(continued));
      statement.append(line).append('\n');
      return line;
    } catch (UserInterruptException e) {
      throw new Abandoned();
    } catch (EndOfFileException e) {
      return null;
    } catch (IOError e) { // the terminal has gone
      throw new IOException(e.getCause());
    }
  }

  /** Implements {@link Completer}. */
  private void complete(LineReader from, ParsedLine line, List<Candidate> candidates) {
    int start = line.cursor() - line.wordCursor();
    completion
        .after(statement + line.line().substring(0, start))
        .forEach(word -> candidates.add(new Candidate(word)));
  }

  @Override
  public void close() throws IOException {
    try (terminal) {
      history.save();
    } catch (IOException e) {
      log.debug("the history was not saved: {}", e.getMessage());
    }
  }
}
