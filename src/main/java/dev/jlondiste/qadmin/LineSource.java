package dev.jlondiste.qadmin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where commands come from, line by line: an argument, a file, a keyboard. */
@FunctionalInterface
interface LineSource {
  /**
   * The next line, without its end; null after the last.
   *
   * @param continued true in the middle of a statement, for the prompt
   */
  @Nullable String nextLine(boolean continued) throws IOException;
}
