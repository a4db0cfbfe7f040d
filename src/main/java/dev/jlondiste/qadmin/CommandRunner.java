package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.ConsumerAdministration;
import dev.jlondiste.admin.queues.LocalObjects;
import dev.jlondiste.admin.queues.OpenBatch;
import dev.jlondiste.admin.queues.Presence;
import dev.jlondiste.admin.queues.QueueAdministration;
import dev.jlondiste.admin.queues.QueueNode;
import dev.jlondiste.admin.queues.SchemaVersion;
import dev.jlondiste.admin.queues.SubconsumerAdministration;
import dev.jlondiste.admin.schema.SqlInstaller;
import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import dev.jlondiste.qadmin.Command.Choice;
import dev.jlondiste.structure.StructureScript;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs commands and prints their results. Each command is atomic. */
final class CommandRunner implements Command.Performer {
  /** Number of events that are fetched and printed at a time. */
  private static final int EVENTS_PER_PART = 300;

  /**
   * Keywords of the connect string that select another server or user, for which the password of
   * the session does not apply.
   */
  private static final Set<String> IDENTITY = Set.of("host", "hostaddr", "port", "user", "service");

  private final QadminSession session;
  private final ResultPrinter printer;
  private final SqlRunner sql;
  private final String programVersion;
  private boolean finished;

  CommandRunner(QadminSession session, PrintStream out, PrintStream err, String programVersion) {
    this.session = session;
    this.printer = new ResultPrinter(out);
    this.sql = new SqlRunner(session, out, err);
    this.programVersion = programVersion;
  }

  /** True after {@code exit}. */
  boolean isFinished() {
    return finished;
  }

  @Override
  public void perform(Command.Connect command) throws SQLException {
    boolean isOtherDatabase = command.string().isPresent() || !command.pairs().isEmpty();
    if (command.node().isPresent()) {
      connectToNode(command, command.node().get());
    } else if (isOtherDatabase) {
      moveTo(target(command), command.queue());
    } else {
      String queue = session.queue(command.queue());
      session.run(db -> Presence.requireQueue(db, queue));
      session.useQueue(queue);
    }
    printer.done("CONNECT");
  }

  private void connectToNode(Command.Connect command, String name) throws SQLException {
    if (command.string().isPresent() || !command.pairs().isEmpty()) {
      throw new UserError(
          "connect: node=" + name + " cannot be combined with a connect string or its keywords",
          "connect to a member of the cascade first, then run: connect queue=QUEUE node=NODE;");
    }
    String queue = session.queue(command.queue());
    List<QueueNode> found = session.call(db -> QueueNode.named(db, Optional.of(queue), name));
    // Not checked on the node: the database of a leaf does not contain the cascade's queue.
    ConnectionString location = ConnectionString.parse(found.get(0).location());
    session.moveTo(location, Optional.of(queue), db -> {});
  }

  private void moveTo(ConnectionString target, Optional<String> queue) throws SQLException {
    session.moveTo(
        target,
        queue,
        db -> {
          if (queue.isPresent()) {
            Presence.requireQueue(db, queue.get());
          }
        });
  }

  /**
   * The connect string with its missing values taken from the session, but no password for another
   * server or user.
   */
  private ConnectionString target(Command.Connect command) {
    ConnectionString base =
        command.string().map(ConnectionString::parse).orElseGet(session::target);
    Map<String, String> pairs = new HashMap<>(command.pairs());
    boolean other = command.pairs().keySet().stream().anyMatch(IDENTITY::contains);
    if (other && command.string().isEmpty() && base.value("password").isPresent()) {
      pairs.putIfAbsent("password", "");
    }
    return base.with(pairs);
  }

  @Override
  public void perform(Command.Install command) throws SQLException {
    new SqlInstaller(session.database().database())
        .install(SqlSchema.named(List.of(command.module())));
    printer.done("INSTALL");
  }

  @Override
  public void perform(Command.CreateQueue command) throws SQLException {
    boolean created = session.call(db -> QueueAdministration.create(db, command.queue()));
    printer.done(created ? "CREATE" : "Queue already exists");
  }

  @Override
  public void perform(Command.DropQueue command) throws SQLException {
    session.run(
        db -> {
          QueueAdministration.drop(db, command.queue());
        });
    printer.done("DROP");
  }

  @Override
  public void perform(Command.AlterQueue command) throws SQLException {
    session.run(
        db -> {
          List<String> queues =
              command.queue().name().isPresent()
                  ? List.of(command.queue().name().get())
                  : Presence.queues(db);
          QueueAdministration.configure(db, queues, command.changes());
        });
    printer.done("ALTER");
  }

  @Override
  public void perform(Command.Register command) throws SQLException {
    String queue = session.queue(command.queue());
    String consumer = command.consumer();
    boolean registered =
        session.call(
            db -> {
              if (command.tick().isPresent()) {
                ConsumerAdministration.registerAt(db, queue, consumer, command.tick().getAsLong());
                return true;
              } else if (command.copyOf().isPresent()) {
                ConsumerAdministration.registerAtPositionOf(
                    db, queue, consumer, command.copyOf().get());
                return true;
              }
              return ConsumerAdministration.register(db, queue, consumer);
            });
    printer.done(registered ? "REGISTER" : "Consumer already registered");
  }

  @Override
  public void perform(Command.Unregister command) throws SQLException {
    String queue = session.queue(command.queue());
    session.run(
        db -> {
          if (command.consumer().name().isPresent()) {
            ConsumerAdministration.unregister(db, queue, command.consumer().name().get());
          } else {
            ConsumerAdministration.unregisterAll(db, queue);
          }
        });
    printer.done("UNREGISTER");
  }

  @Override
  public void perform(Command.RegisterSubconsumer command) throws SQLException {
    String queue = session.queue(command.queue());
    boolean registered =
        session.call(
            db ->
                SubconsumerAdministration.register(
                    db, queue, command.consumer(), command.subconsumer()));
    printer.done(registered ? "REGISTER" : "Subconsumer already registered");
  }

  @Override
  public void perform(Command.UnregisterSubconsumer command) throws SQLException {
    String queue = session.queue(command.queue());
    String consumer = command.consumer();
    session.run(
        db -> {
          if (command.subconsumer().name().isPresent()) {
            SubconsumerAdministration.unregister(
                db, queue, consumer, command.subconsumer().name().get(), command.closeBatch());
          } else {
            SubconsumerAdministration.unregisterAll(db, queue, consumer, command.closeBatch());
          }
        });
    printer.done("UNREGISTER");
  }

  @Override
  public void perform(Command.ShowQueue command) throws SQLException {
    Optional<String> queue = queueOf(command.queue());
    printer.queues(session.call(db -> QueueAdministration.list(db, queue)));
  }

  @Override
  public void perform(Command.ShowConsumer command) throws SQLException {
    Optional<String> queue = queueOf(command.queue());
    Optional<String> consumer = command.consumer().name();
    printer.consumers(session.call(db -> ConsumerAdministration.list(db, queue, consumer)));
  }

  @Override
  public void perform(Command.ShowNode command) throws SQLException {
    Optional<String> queue = queueOf(command.queue());
    Optional<String> node = command.node().name();
    printer.nodes(
        session.call(
            db ->
                node.isPresent()
                    ? QueueNode.named(db, queue, node.get())
                    : QueueNode.list(db, queue)));
  }

  /** The queue of the command, or the default queue; empty for all queues. */
  private Optional<String> queueOf(Optional<Choice> requested) {
    return requested.isPresent() ? requested.get().name() : session.defaultQueue();
  }

  @Override
  public void perform(Command.ShowBatch command) throws SQLException {
    long limit = command.limit().orElse(Long.MAX_VALUE);
    session.run(
        db -> {
          showEvents(db, batch(db, command), limit);
        });
  }

  private OpenBatch batch(Connection db, Command.ShowBatch command) throws SQLException {
    return command.id().isPresent()
        ? OpenBatch.find(db, command.id().getAsLong())
        : OpenBatch.ofConsumer(
            db, session.queue(command.queue()), command.consumer().orElseThrow());
  }

  /** A batch can be larger than memory, so it is printed in parts, as a table each. */
  private void showEvents(Connection db, OpenBatch batch, long limit) throws SQLException {
    EventReader reader = EventReader.open(db, batch.batch(), EVENTS_PER_PART, null);
    List<Event> part = new ArrayList<>();
    long shown = 0;
    Optional<Event> event = shown < limit ? reader.next() : Optional.empty();
    while (event.isPresent()) {
      part.add(event.get());
      shown++;
      if (part.size() == EVENTS_PER_PART) {
        printer.events(part);
        part.clear();
      }
      event = shown < limit ? reader.next() : Optional.empty();
    }
    reader.close();
    if (!part.isEmpty() || shown == 0) {
      printer.events(part);
    }
    printer.rowCount(shown);
  }

  @Override
  public void perform(Command.ShowTable command) throws SQLException {
    printer.script(
        session
            .call(db -> StructureScript.table(db, command.table()))
            .orElseThrow(
                () ->
                    new UserError(
                        "there is no table " + command.table() + " here",
                        "the default schema is 'public'; views and partitioned tables cannot be"
                            + " shown")));
  }

  @Override
  public void perform(Command.ShowSequence command) throws SQLException {
    printer.script(
        List.of(
            session
                .call(db -> StructureScript.sequence(db, command.sequence()))
                .orElseThrow(
                    () ->
                        new UserError(
                            "there is no sequence " + command.sequence() + " here",
                            "write schema.sequence if it is not in schema 'public'"))));
  }

  @Override
  public void perform(Command.ShowStatus command) throws SQLException {
    session.run(
        db -> {
          printer.status(
              db.getCatalog(),
              SchemaVersion.ofServer(db),
              SchemaVersion.list(db),
              QueueAdministration.list(db, Optional.empty()),
              ConsumerAdministration.list(db, Optional.empty(), Optional.empty()));
        });
  }

  @Override
  public void perform(Command.ShowVersion command) throws SQLException {
    session.run(
        db -> {
          printer.versions(programVersion, SchemaVersion.ofServer(db), SchemaVersion.list(db));
        });
  }

  @Override
  public void perform(Command.ShowHelp command) {
    printer.done(CommandHelp.text());
  }

  @Override
  public void perform(Command.Exit command) {
    finished = true;
  }

  @Override
  public void perform(Command.AddTables command) throws SQLException {
    String queue = session.queue(Optional.empty());
    printer.replies(
        "ADD_TABLE",
        session.call(
            db -> LocalObjects.addTables(db, queue, command.tables(), command.arguments())));
  }

  @Override
  public void perform(Command.ChangeObjects command) throws SQLException {
    String queue = session.queue(Optional.empty());
    printer.replies(
        command.change().name(),
        session.call(
            db ->
                switch (command.change()) {
                  case REMOVE_TABLE -> LocalObjects.removeTables(db, queue, command.names());
                  case ADD_SEQUENCE -> LocalObjects.addSequences(db, queue, command.names());
                  case REMOVE_SEQUENCE -> LocalObjects.removeSequences(db, queue, command.names());
                }));
  }

  @Override
  public void perform(Command.ListObjects command) throws SQLException {
    String queue = session.queue(Optional.empty());
    switch (command.kind()) {
      case TABLES -> printer.tables(session.call(db -> LocalObjects.tables(db, queue)));
      case SEQUENCES -> printer.sequences(session.call(db -> LocalObjects.sequences(db, queue)));
      case MISSING -> printer.missing(session.call(db -> LocalObjects.missing(db, queue)));
    }
  }

  @Override
  public void perform(Command.PlainSql command) throws SQLException {
    sql.run(command.statement());
  }
}
