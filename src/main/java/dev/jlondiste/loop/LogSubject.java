package dev.jlondiste.loop;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The subject of a thread's log lines until it is closed, such as the table of a copy. The log
 * layout puts it in front of every line that does not contain it. Classes that several jobs use
 * therefore need not know the job for which they log.
 */
public final class LogSubject implements AutoCloseable {
  /** The key in the logging context that the log layout reads. */
  public static final String KEY = "subject";

  private final @Nullable String before;

  private LogSubject(@Nullable String subject) {
    this.before = MDC.get(KEY);
    set(subject);
  }

  /** Sets the subject of this thread, and of threads that are started with {@link #inherit}. */
  public static LogSubject of(Object subject) {
    return new LogSubject(subject.toString());
  }

  /** Wraps {@code work} so that another thread runs it with the subject of this thread. */
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
