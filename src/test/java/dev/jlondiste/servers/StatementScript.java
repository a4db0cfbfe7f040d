package dev.jlondiste.servers;

import dev.jlondiste.servers.CuttingProxy.Cut;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which statement of an application ends its connections. Thread-safe. */
final class StatementScript {
  /** What happens to a statement. */
  enum Fate {
    PASS,
    /** Like {@code PASS}, after {@link #runTask}. */
    RUN_TASK,
    CUT_NOW,
    CUT_WHEN_SENT,
    CUT_AFTER_ANSWER
  }

  private final String application;
  private final List<String> statements = new ArrayList<>();
  private final Set<ProxiedSession> sessions = new HashSet<>();
  private final Set<Long> cancelKeys = new HashSet<>();
  private int last = Integer.MAX_VALUE;
  private Cut cut = Cut.BEFORE;
  private boolean hasCut;
  private @Nullable Runnable task;

  StatementScript(String application) {
    this.application = application;
  }

  String application() {
    return application;
  }

  synchronized void reset(int statement, Cut way) {
    statements.clear();
    last = statement;
    cut = way;
    hasCut = false;
    task = null;
    cancelKeys.clear();
  }

  synchronized void resetForTask(int statement, Runnable whenArrived) {
    reset(statement, Cut.BEFORE);
    task = whenArrived;
  }

  /** Not synchronized: the task may take long, and other sessions go on. */
  void runTask() {
    Runnable due;
    synchronized (this) {
      due = task;
      task = null;
      last = Integer.MAX_VALUE;
    }
    if (due != null) {
      due.run();
    }
  }

  synchronized List<String> statements() {
    return List.copyOf(statements);
  }

  synchronized boolean hasCut() {
    return hasCut;
  }

  /** A session of the application begins. Returns false if it is refused. */
  synchronized boolean admit(ProxiedSession session) {
    return !hasCut && sessions.add(session);
  }

  synchronized void ended(ProxiedSession session) {
    sessions.remove(session);
  }

  synchronized void knowCancelKey(long key) {
    cancelKeys.add(key);
  }

  /** A cancel request of the application is refused as well after the cut. */
  synchronized boolean admitCancel(long key) {
    return !hasCut || !cancelKeys.contains(key);
  }

  synchronized Fate next(String statement) {
    if (hasCut) {
      return Fate.CUT_NOW;
    }
    statements.add(statement);
    if (statements.size() < last) {
      return Fate.PASS;
    }
    if (task != null) {
      return Fate.RUN_TASK;
    }
    return switch (cut) {
      case SENT -> Fate.CUT_WHEN_SENT;
      case AFTER -> Fate.CUT_AFTER_ANSWER;
      case BEFORE -> {
        cut();
        yield Fate.CUT_NOW;
      }
    };
  }

  synchronized void cut() {
    hasCut = true;
    List.copyOf(sessions).forEach(ProxiedSession::close);
    sessions.clear();
  }
}
