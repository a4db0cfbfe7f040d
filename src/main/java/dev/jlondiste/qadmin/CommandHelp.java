package dev.jlondiste.qadmin;

import java.util.List;
import java.util.stream.Collectors;

/** The commands in words. Each form has an example, so that tests can see whether it is true. */
final class CommandHelp {
  /** A form of a command. */
  record Entry(String form, String meaning, String example) {}

  static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "connect KEYWORD=VALUE .. [queue=QUEUE];",
              "connect to another database; keywords not given keep their values",
              "connect dbname=shop port=5433 queue=q;"),
          new Entry(
              "connect 'CONNECT STRING';",
              "the same, with a whole connect string or URI",
              "connect 'postgresql://db1/shop';"),
          new Entry(
              "connect queue=QUEUE [node=NODE];",
              "set the default queue; connect to a node of its cascade",
              "connect queue=q node=leaf1;"),
          new Entry(
              "install MODULE;",
              "install a schema that is missing: pgq, pgq_coop, pgq_ext, pgq_node or londiste",
              "install pgq;"),
          new Entry("create queue QUEUE;", "create a queue", "create queue my.queue;"),
          new Entry("drop queue QUEUE;", "drop a queue without consumers", "drop queue q;"),
          new Entry(
              "alter queue QUEUE|* set SETTING=VALUE, ..;",
              "max_count, max_lag, idle_period, paused, rotation_period, external_ticker",
              "alter queue * set max_lag='1 second', max_count=100;"),
          new Entry(
              "register consumer NAME [on QUEUE];",
              "register a consumer for events from now on",
              "register consumer c on q;"),
          new Entry(
              "register consumer NAME [on QUEUE] at TICK;",
              "register it at an older tick, or move it there",
              "register consumer c on q at 12;"),
          new Entry(
              "register consumer NAME [on QUEUE] copy OTHER;",
              "register it where another consumer is, or move it there",
              "register consumer c copy d;"),
          new Entry(
              "unregister consumer NAME|* [from QUEUE];",
              "unregister one, or all but those of a cascade itself",
              "unregister consumer * from q;"),
          new Entry(
              "register subconsumer NAME for CONSUMER [on QUEUE];",
              "add a subconsumer that shares the work of a consumer",
              "register subconsumer s1 for c on q;"),
          new Entry(
              "unregister subconsumer NAME|* for CONSUMER [from QUEUE] [close batch];",
              "with 'close batch', events that it has taken count as done",
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
          new Entry("show status;", "show all queues and consumers on a page", "show status;"),
          new Entry("show table TABLE;", "print the statements that create it", "show table a.b;"),
          new Entry(
              "show sequence SEQUENCE;", "print the statement that creates it", "show sequence s;"),
          new Entry("show version;", "list versions", "show version;"),
          new Entry("show help;", "print this", "show help;"),
          new Entry(
              "londiste add table TABLE, .. [with ARGUMENT, ..];",
              "skip_truncate, expect_sync, no_triggers, backup, skip, tgflags=, pkey=, when=, ev_..=",
              "londiste add table a, b.c with expect_sync, tgflags='I';"),
          new Entry(
              "londiste remove table TABLE, ..;",
              "stop replicating tables to this node",
              "londiste remove table a;"),
          new Entry(
              "londiste add|remove sequence SEQUENCE, ..;",
              "the same for sequences",
              "londiste add sequence a, b;"),
          new Entry(
              "londiste tables|seqs|missing;",
              "list what is replicated, or could be",
              "londiste missing;"),
          new Entry("exit;", "end the program", "exit;"));

  private CommandHelp() {}

  /** Without a line feed at its end. */
  static String text() {
    return ENTRIES.stream()
        .map(entry -> entry.form() + "\n      " + entry.meaning())
        .collect(
            Collectors.joining(
                "\n",
                "Commands end with a semicolon. Put names that are not plain words in double"
                    + " quotes.\n\n",
                "\n\nEverything else is sent to the server as SQL."));
  }
}
