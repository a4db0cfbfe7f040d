package dev.jlondiste.demo;

import java.io.PrintStream;

/**
 * Prints headings, commands, notes, and a progress line that is updated in place. If the output is
 * not a terminal, the progress line is printed every two seconds. Used by one thread at a time.
 */
final class Screen {
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";
  private static final String ERASE = "\r\u001b[K";
  private static final long PLAIN_INTERVAL_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private boolean inProgress;
  private long lastLine = System.nanoTime() - PLAIN_INTERVAL_NANOS;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void heading(String text) {
    endProgress();
    out.println();
    out.println(style(BOLD, text));
  }

  /** Prints a command line. */
  void command(String text) {
    endProgress();
    out.println(style(GREEN, "$ " + text));
    out.flush();
  }

  void note(String text) {
    endProgress();
    out.println(text);
    out.flush();
  }

  /** Prints a line of a command's output. */
  void output(String line) {
    endProgress();
    out.println(style(DIM, "  " + line));
    out.flush();
  }

  /** Replaces the progress line; {@code last} ends it. */
  void progress(String text, boolean last) {
    if (terminal) {
      out.print(ERASE + text);
      out.flush();
      inProgress = true;
    } else if (last || System.nanoTime() - lastLine >= PLAIN_INTERVAL_NANOS) {
      out.println(text);
      out.flush();
      lastLine = System.nanoTime();
    }
    if (last) {
      endProgress();
    }
  }

  private void endProgress() {
    if (inProgress) {
      out.println();
      inProgress = false;
    }
  }

  private String style(String style, String text) {
    return terminal ? style + text + PLAIN : text;
  }
}
