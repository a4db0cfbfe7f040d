package dev.jlondiste.demo;

import java.io.PrintStream;

/**
 * What the audience sees: headings, commands, notes, and one line at the bottom that moves. In a
 * pipe the moving line becomes a plain one now and then. Used by one thread at a time.
 */
final class Screen {
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";
  private static final String ERASE = "\r\u001b[K";
  private static final long PIPE_PAUSE_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private boolean moving;
  private long lastLine = System.nanoTime() - PIPE_PAUSE_NANOS;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void heading(String text) {
    settle();
    out.println();
    out.println(style(BOLD, text));
  }

  /** A command line, just as an operator types it. */
  void command(String text) {
    settle();
    out.println(style(GREEN, "$ " + text));
    out.flush();
  }

  void note(String text) {
    settle();
    out.println(text);
    out.flush();
  }

  /** Output of a command. */
  void output(String line) {
    settle();
    out.println(style(DIM, "  " + line));
    out.flush();
  }

  /** Replaces the moving line; {@code last} leaves it standing. */
  void moving(String text, boolean last) {
    if (terminal) {
      out.print(ERASE + text);
      out.flush();
      moving = true;
    } else if (last || System.nanoTime() - lastLine >= PIPE_PAUSE_NANOS) {
      out.println(text);
      out.flush();
      lastLine = System.nanoTime();
    }
    if (last) {
      settle();
    }
  }

  private void settle() {
    if (moving) {
      out.println();
      moving = false;
    }
  }

  private String style(String style, String text) {
    return terminal ? style + text + PLAIN : text;
  }
}
