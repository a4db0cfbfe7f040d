package dev.jlondiste.qadmin;

import java.util.List;
import java.util.stream.Collectors;

/** The help text. Each form has an example, which a test parses. */
final class CommandHelp {
  /** A form of a command. */
  record Entry(String form, String meaning, String example) {}

  static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "connect KEYWORD=VALUE .. [queue=QUEUE];",
              "connect to another database; keywords that are not given keep their value",
              "connect dbname=shop port=5433 queue=q;"),
          new Entry(
              "connect 'CONNECT STRING';",
              "connect to another database by a connect string or URI",
              "connect 'postgresql://db1/shop';"),
          new Entry(
              "connect queue=QUEUE [node=NODE];",
              "set the default queue; with node=, connect to a node of its cascade",
              "connect queue=q node=leaf1;"),
          new Entry(
              "install MODULE;",
              "install database code: pgq, pgq_coop, pgq_ext, pgq_node or londiste",
              "install pgq;"),
          new Entry("create queue QUEUE;", "create a queue", "create queue my.queue;"),
          new Entry("drop queue QUEUE;", "drop a queue without consumers", "drop queue q;"),
          new Entry(
              "alter queue QUEUE|* set SETTING=VALUE, ..;",
              "set max_count, max_lag, idle_period, paused, rotation_period or external_ticker",
              "alter queue * set max_lag='1 second', max_count=100;"),
          new Entry(
              "register consumer NAME [on QUEUE];",
              "register a consumer at the newest tick",
              "register consumer c on q;"),
          new Entry(
              "register consumer NAME [on QUEUE] at TICK;",
              "register a consumer at a tick, or move it to that tick",
              "register consumer c on q at 12;"),
          new Entry(
              "register consumer NAME [on QUEUE] copy OTHER;",
              "register a consumer at the position of another one, or move it there",
              "register consumer c copy d;"),
          new Entry(
              "unregister consumer NAME|* [from QUEUE];",
              "unregister a consumer, or all except those of a cascade",
              "unregister consumer * from q;"),
          new Entry(
              "register subconsumer NAME for CONSUMER [on QUEUE];",
              "register a subconsumer of a cooperative consumer",
              "register subconsumer s1 for c on q;"),
          new Entry(
              "unregister subconsumer NAME|* for CONSUMER [from QUEUE] [close batch];",
              "unregister subconsumers; 'close batch' finishes their open batches",
              "unregister subconsumer * for c from q close batch;"),
          new Entry("show queue [QUEUE|*];", "list queues", "show queue *;"),
          new Entry(
              "show consumer [NAME|*] [on QUEUE|*];", "list consumers", "show consumer c on *;"),
          new Entry(
              "show node [NODE|*] [on QUEUE|*];", "list the nodes of cascades", "show node on q;"),
          new Entry(
              "show batch ID [limit N];", "list the events of an open batch", "show batch 7;"),
          new Entry(
              "show batch CONSUMER [on QUEUE] [limit N];",
              "list the events of the batch that a consumer has open",
              "show batch c on q limit 10;"),
          new Entry("show status;", "list versions, queues and consumers", "show status;"),
          new Entry(
              "show table TABLE;", "print the statements that create a table", "show table a.b;"),
          new Entry(
              "show sequence SEQUENCE;",
              "print the statement that creates a sequence",
              "show sequence s;"),
          new Entry("show version;", "list versions", "show version;"),
          new Entry("show help;", "print this help", "show help;"),
          new Entry(
              "londiste add table TABLE, .. [with ARGUMENT, ..];",
              "replicate tables; arguments: skip_truncate, expect_sync, no_triggers, backup,"
                  + " skip, tgflags=, pkey=, when=, ev_..=",
              "londiste add table a, b.c with expect_sync, tgflags='I';"),
          new Entry(
              "londiste remove table TABLE, ..;",
              "stop replicating tables to this node",
              "londiste remove table a;"),
          new Entry(
              "londiste add|remove sequence SEQUENCE, ..;",
              "start or end the replication of sequences",
              "londiste add sequence a, b;"),
          new Entry(
              "londiste tables|seqs|missing;",
              "list replicated tables or sequences, or objects that are not replicated here",
              "londiste missing;"),
          new Entry("exit;", "end the session", "exit;"));

  private CommandHelp() {}

  /** The complete help text, without a newline at its end. */
  static String text() {
    return ENTRIES.stream()
        .map(entry -> entry.form() + "\n      " + entry.meaning())
        .collect(
            Collectors.joining(
                "\n",
                "Commands end with a semicolon. Write names with special characters in double"
                    + " quotes.\n\n",
                "\n\nAll other statements are sent to the server as SQL."));
  }
}
