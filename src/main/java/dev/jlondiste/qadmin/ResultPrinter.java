package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.ConsumerOverview;
import dev.jlondiste.admin.queues.LocalObjects;
import dev.jlondiste.admin.queues.QueueNode;
import dev.jlondiste.admin.queues.QueueOverview;
import dev.jlondiste.admin.queues.SchemaVersion;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.qadmin.ResultTable.Column;
import dev.jlondiste.replica.LondisteFunctions.MissingObject;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the results of commands. */
final class ResultPrinter {
  static final List<Column> EVENT_COLUMNS =
      List.of(
          Column.number("ev_id"),
          Column.text("ev_time"),
          Column.number("ev_txid"),
          Column.number("ev_retry"),
          Column.text("ev_type"),
          Column.text("ev_data"),
          Column.text("ev_extra1"),
          Column.text("ev_extra2"),
          Column.text("ev_extra3"),
          Column.text("ev_extra4"));

  private final PrintStream out;

  ResultPrinter(PrintStream out) {
    this.out = out;
  }

  /** Prints the tag of a completed command, such as {@code CREATE}. */
  void done(String word) {
    out.println(word);
  }

  void queues(List<QueueOverview> queues) {
    ResultTable.print(
        out,
        List.of(
            Column.text("queue_name"),
            Column.text("tables"),
            Column.number("max_count"),
            Column.text("max_lag"),
            Column.text("idle_period"),
            Column.text("paused"),
            Column.text("ticker_lag"),
            Column.number("ev_per_sec"),
            Column.number("ev_new")),
        queues.stream()
            .map(
                queue ->
                    row(
                        queue.name(),
                        tables(queue),
                        queue.maxCount(),
                        queue.maxLag(),
                        queue.idlePeriod(),
                        flag(queue.paused()),
                        queue.tickerLag(),
                        queue.eventsPerSecond(),
                        queue.newEvents()))
            .toList());
  }

  void consumers(List<ConsumerOverview> consumers) {
    ResultTable.print(
        out,
        List.of(
            Column.text("queue_name"),
            Column.text("consumer_name"),
            Column.text("lag"),
            Column.text("last_seen"),
            Column.number("last_tick"),
            Column.number("current_batch"),
            Column.number("next_tick"),
            Column.number("pending_events")),
        consumers.stream()
            .map(
                row ->
                    row(
                        row.queue(),
                        row.consumer(),
                        row.lag(),
                        row.lastSeen(),
                        row.lastTick(),
                        row.batch(),
                        row.nextTick(),
                        row.pending()))
            .toList());
  }

  /** Prints the output of {@code show status}. */
  void status(
      String database,
      String server,
      List<SchemaVersion> schemas,
      List<QueueOverview> queues,
      List<ConsumerOverview> consumers) {
    out.println(
        "Database \"%s\", PostgreSQL %s, %s"
            .formatted(
                database,
                server,
                schemas.stream()
                    .map(schema -> schema.name() + " " + schema.version())
                    .collect(Collectors.joining(", "))));
    out.println();
    ResultTable.print(
        out,
        List.of(
            Column.text("queue_name"),
            Column.text("tables"),
            Column.text("rotation"),
            Column.text("ticker"),
            Column.text("ticker_lag"),
            Column.number("ev_per_sec"),
            Column.number("ev_new")),
        queues.stream()
            .map(
                queue ->
                    row(
                        queue.name(),
                        tables(queue),
                        queue.rotationPeriod(),
                        ticker(queue),
                        queue.tickerLag(),
                        queue.eventsPerSecond(),
                        queue.newEvents()))
            .toList());
    ResultTable.print(
        out,
        List.of(
            Column.text("queue_name"),
            Column.text("consumer_name"),
            Column.text("lag"),
            Column.text("last_seen"),
            Column.number("pending_events")),
        consumers.stream()
            .map(row -> row(row.queue(), row.consumer(), row.lag(), row.lastSeen(), row.pending()))
            .toList());
  }

  private static String tables(QueueOverview queue) {
    return queue.currentTable() + "/" + queue.tables();
  }

  private static String ticker(QueueOverview queue) {
    if (queue.externalTicker()) {
      return "external";
    }
    String when = queue.maxCount() + " / " + queue.maxLag() + " / " + queue.idlePeriod();
    return queue.paused() ? "paused" : when;
  }

  void nodes(List<QueueNode> nodes) {
    ResultTable.print(
        out,
        List.of(
            Column.text("queue"),
            Column.text("node"),
            Column.text("location"),
            Column.text("dead")),
        nodes.stream()
            .map(node -> row(node.queue(), node.node(), node.masked(), flag(node.dead())))
            .toList());
  }

  /** Prints a part of a batch, or all of it. */
  void events(List<Event> events) {
    ResultTable.printPart(out, EVENT_COLUMNS, events.stream().map(ResultPrinter::event).toList());
  }

  void rowCount(long rows) {
    ResultTable.footer(out, rows);
  }

  private static List<@Nullable String> event(Event event) {
    return row(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        event.type(),
        event.data(),
        event.extra1(),
        event.extra2(),
        event.extra3(),
        event.extra4());
  }

  void script(List<String> statements) {
    statements.forEach(statement -> out.println(statement + ";"));
  }

  void versions(String program, String server, List<SchemaVersion> schemas) {
    out.println(program);
    out.println("PostgreSQL " + server);
    schemas.forEach(schema -> out.println(schema.name() + " " + schema.version()));
  }

  void replies(String done, List<LocalObjects.Answer> answers) {
    ResultTable.print(
        out,
        List.of(Column.text("name"), Column.number("code"), Column.text("note")),
        answers.stream()
            .map(row -> row(row.name(), row.reply().code(), row.reply().note()))
            .toList());
    done(done);
  }

  void tables(List<TableInfo> tables) {
    ResultTable.print(
        out,
        List.of(
            Column.text("table_name"),
            Column.text("local"),
            Column.text("merge_state"),
            Column.text("attributes"),
            Column.text("dest_table")),
        tables.stream()
            .map(
                table ->
                    row(
                        table.name(),
                        flag(table.local()),
                        table.state().sqlText(),
                        table.attributes().entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(" ")),
                        table.destination().equals(table.name()) ? null : table.destination()))
            .toList());
  }

  void sequences(List<SequenceInfo> sequences) {
    ResultTable.print(
        out,
        List.of(Column.text("seq_name"), Column.text("local"), Column.number("last_value")),
        sequences.stream()
            .map(row -> row(row.name(), flag(row.local()), row.lastValue()))
            .toList());
  }

  void missing(List<MissingObject> objects) {
    ResultTable.print(
        out,
        List.of(Column.text("obj_kind"), Column.text("obj_name")),
        objects.stream().map(row -> row(row.kind(), row.name())).toList());
  }

  private static List<@Nullable String> row(@Nullable Object... values) {
    return Arrays.stream(values).map(v -> v == null ? null : v.toString()).toList();
  }

  private static String flag(boolean value) {
    return value ? "t" : "f";
  }
}
