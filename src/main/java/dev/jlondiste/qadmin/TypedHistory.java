package dev.jlondiste.qadmin;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;

/**
 * The lines that were typed, without those that may have a password: the line with the word, every
 * later line of the same statement, and URIs with a user's password.
 */
final class TypedHistory extends DefaultHistory {
  private static final Pattern SECRET =
      Pattern.compile("passw|secret|_key\\b|://[^/@\\s]*:[^/@\\s]*@", Pattern.CASE_INSENSITIVE);

  private boolean isSecret;

  /** The next line begins a statement. */
  void beginStatement() {
    isSecret = false;
  }

  @Override
  public void add(Instant time, String line) {
    isSecret |= SECRET.matcher(line).find();
    if (!isSecret && !line.isBlank()) {
      super.add(time, line);
    }
  }
}
