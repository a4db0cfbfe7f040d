package dev.jlondiste.admin.status;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks all live members at once how they are. None can make the others wait for long. */
final class MemberSurvey {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Cascade cascade;
  private final Duration patience;

  MemberSurvey(Cascade cascade, Duration patience) {
    this.cascade = cascade;
    this.patience = patience;
  }

  /** A report, or the reason why there is none. */
  record Answer(Optional<NodeReport> report, Optional<String> failure) {
    static Answer of(NodeReport report) {
      return new Answer(Optional.of(report), Optional.empty());
    }

    static Answer failed(String text) {
      return new Answer(Optional.empty(), Optional.of(text));
    }
  }

  /** By name; dead members are not asked and have no answer. */
  Map<String, Answer> ask(List<NodeLocation> members) throws SQLException, InterruptedException {
    Optional<String> here = cascade.findNode().map(node -> node.name());
    List<NodeLocation> asked = members.stream().filter(member -> !member.dead()).toList();
    List<Callable<Answer>> questions = new ArrayList<>();
    for (NodeLocation member : asked) {
      boolean local = here.equals(Optional.of(member.node()));
      questions.add(() -> ask(member, local));
    }
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "status");
              thread.setDaemon(true); // one that hangs in a dead network must not keep us
              return thread;
            });
    try {
      List<Future<Answer>> futures =
          threads.invokeAll(questions, patience.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, Answer> answers = new TreeMap<>();
      for (int i = 0; i < futures.size(); i++) {
        answers.put(asked.get(i).node(), answer(futures.get(i)));
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private Answer answer(Future<Answer> future) throws InterruptedException {
    try {
      return future.get();
    } catch (CancellationException e) {
      return Answer.failed("no answer within " + patience.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer ask(NodeLocation member, boolean local) {
    try {
      return local ? askThere(cascade.local(), member.node()) : askRemote(member);
    } catch (SQLException | UserError e) {
      return Answer.failed(firstLine(String.valueOf(e.getMessage())));
    }
  }

  private Answer askRemote(NodeLocation member) throws SQLException {
    try (Database there = cascade.remote(ConnectionString.parse(member.location()))) {
      return askThere(there, member.node());
    }
  }

  private Answer askThere(Database database, String name) throws SQLException {
    String queue = cascade.queue();
    Optional<NodeReport> report =
        database.call(
            db -> {
              Sql.run(db, "set local statement_timeout = " + patience.toMillis());
              return NodeReporter.report(db, queue, cascade.settings().inventoryIgnore());
            });
    if (report.isEmpty()) {
      return Answer.failed("no node for queue '" + queue + "' there");
    }
    String found = report.get().node().name();
    return found.equals(name)
        ? Answer.of(report.get())
        : Answer.failed("its location leads to node '" + found + "'");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
