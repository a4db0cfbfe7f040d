package dev.jlondiste.qadmin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source of input lines: an option, a file or a terminal. */
@FunctionalInterface
interface LineSource {
  /** Thrown if the operator abandons the statement that was begun. */
  final class Abandoned extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The next line, without its newline; null at the end of input.
   *
   * @param continued true within a statement, which changes the prompt
   */
  @Nullable String nextLine(boolean continued) throws IOException;
}
