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

/** Queries all live members in parallel, with a timeout for all together. */
final class MemberSurvey {
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Cascade cascade;
  private final Duration timeout;

  MemberSurvey(Cascade cascade, Duration timeout) {
    this.cascade = cascade;
    this.timeout = timeout;
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

  /** Returns the answers by node name; dead members are not queried and have none. */
  Map<String, Answer> query(List<NodeLocation> members) throws SQLException, InterruptedException {
    Optional<String> here = cascade.findNode().map(node -> node.name());
    List<NodeLocation> queried = members.stream().filter(member -> !member.dead()).toList();
    List<Callable<Answer>> queries = new ArrayList<>();
    for (NodeLocation member : queried) {
      boolean local = here.equals(Optional.of(member.node()));
      queries.add(() -> query(member, local));
    }
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "status");
              // A thread that hangs in a broken network must not keep the process alive.
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<Answer>> futures =
          threads.invokeAll(queries, timeout.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, Answer> answers = new TreeMap<>();
      for (int i = 0; i < futures.size(); i++) {
        answers.put(queried.get(i).node(), answer(futures.get(i)));
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
      return Answer.failed("no answer within " + timeout.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer query(NodeLocation member, boolean local) {
    try {
      return local ? queryNode(cascade.local(), member.node()) : queryRemote(member);
    } catch (SQLException | UserError e) {
      return Answer.failed(firstLine(String.valueOf(e.getMessage())));
    }
  }

  private Answer queryRemote(NodeLocation member) throws SQLException {
    return queryNode(cascade.remote(ConnectionString.parse(member.location())), member.node());
  }

  private Answer queryNode(Database database, String name) throws SQLException {
    String queue = cascade.queue();
    Optional<NodeReport> report =
        database.call(
            db -> {
              Sql.run(db, "set local statement_timeout = " + timeout.toMillis());
              return NodeReporter.report(db, queue, cascade.settings().inventoryIgnore());
            });
    if (report.isEmpty()) {
      return Answer.failed("that database has no node for queue '" + queue + "'");
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
