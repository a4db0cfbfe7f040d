package dev.jlondiste.loop;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the log lines of a thread are about, such as the table of a copy, until it is closed: it
 * stands in front of every line that does not name it anyway. So classes that several jobs use need
 * not know whose lines they write.
 */
public final class LogSubject implements AutoCloseable {
  /** Where the layout of log lines finds it. */
  public static final String KEY = "subject";

  private final @Nullable String before;

  private LogSubject(@Nullable String subject) {
    this.before = MDC.get(KEY);
    set(subject);
  }

  /** For this thread, and those that are started with {@link #inherit}. */
  public static LogSubject of(Object subject) {
    return new LogSubject(subject.toString());
  }

  /** {@code work} for another thread, whose lines are about the same as those of this one. */
  public static Runnable inherit(Runnable work) {
    @Nullable String subject = MDC.get(KEY);
    return () -> {
      try (LogSubject same = new LogSubject(subject)) {
        work.run();
      }
    };
  }

  private static void set(@Nullable String subject) {
    if (subject == null) {
      MDC.remove(KEY);
    } else {
      MDC.put(KEY, subject);
    }
  }

  @Override
  public void close() {
    set(before);
  }
}
