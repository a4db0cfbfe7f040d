package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators' mistakes and their error messages: the problem, where it is, the value, and the fix.
 */
class BadInputIT {
  @TempDir private Path directory;

  @Test
  void servers_that_are_not_what_was_said() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      String good = database.connectString();
      fails(
          node("nobody", "host=127.0.0.1 port=1 user=postgres dbname=x"),
          "ERROR connection to server at \"127.0.0.1\", port 1, database \"x\"",
          "status");
      fails(
          node("nodb", good.replace(database.name(), "no_such_db")),
          "database \"no_such_db\"",
          "status");
      fails(
          node("norole", good.replace("user=postgres", "user=nobody_here")),
          "nobody_here",
          "status");
      fails(node("empty", good), "schema", "status");
    }
  }

  @Test
  void roles_without_rights() {
    try (TestDatabase database = Servers.newest().createDatabaseOwnedBy("plain_owner")) {
      String stranger = database.connectString().replace("user=plain_owner", "user=plain_stranger");
      Servers.newest().createDatabaseOwnedBy("plain_stranger").close();
      fails(node("stranger", stranger), "permission denied", "create-root", "root", stranger);
      assertThat(database.count("pg_namespace where nspname in ('pgq', 'pgq_node', 'londiste')"))
          .as("nothing half done")
          .isZero();
    }
  }

  @Test
  void nodes_that_cannot_be() {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode other = new TestNode("other", Servers.newest().createDatabase(), directory)) {
      fails(root, "Node name must be given", "create-root");
      fails(root, "Node public location must be given", "create-root", "root");
      fails(
          root,
          "Public connect string points to different database",
          "create-root",
          "root",
          other.database().connectString());
      root.createRoot();
      fails(
          root,
          "this database already is node 'root' (root)",
          "create-leaf",
          "leaf",
          root.database().connectString(),
          "--provider=" + root.database().connectString());
      fails(other, "Please specify --provider", "create-leaf", "x", location(other));
      fails(
          other,
          "Node 'root' already exists",
          "create-leaf",
          "root",
          location(other),
          "--provider=" + location(root));
      fails(
          other,
          "schema \"pgq_node\" does not exist",
          "create-leaf",
          "x",
          location(other),
          "--provider=" + location(other).replace(other.database().name(), "postgres"));
      other.createBelow(NodeType.LEAF, root);
      fails(other, "node still has subscribers", "drop-node", "root");
      fails(other, "cannot resolve nosuch", "drop-node", "nosuch");
      fails(other, "cannot resolve nosuch", "change-provider", "--provider=nosuch");
      fails(other, "Unknown queue: nosuch", "--set=queue_name=nosuch", "node-info");
      fails(other, "command 'drop-node' got 0 args, but expects 1", "drop-node");
      said(other, "Unknown command 'stauts'", "stauts");
      said(other, "Did you mean 'status'?", "stauts");
    }
  }

  @Test
  void tables_that_do_not_fit() {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      root.database()
          .execute(
              """
              create table a_fine (id int primary key, n int);
              create table b_nokey (id int);
              create table c_missing (id int primary key);
              create table d_differs (id int primary key, n int, extra text not null);
              create table e_nokey (id int);
              create table f_fine (id int primary key)
              """);
      leaf.database()
          .execute(
              """
              create table a_fine (id int primary key, n int);
              create table d_differs (id int primary key, n text);
              create table f_fine (id int primary key)
              """);
      root.createRoot();
      CommandLine.Outcome all = CommandLine.run(root, "add-table", "--all");
      assertThat(all.code()).isEqualTo(1);
      assertThat(all.log())
          .contains(
              "Table added: public.a_fine",
              "Primary key missing on table: public.b_nokey",
              "Primary key missing on table: public.e_nokey",
              "Table added: public.f_fine");
      leaf.createBelow(NodeType.LEAF, root);
      fails(leaf, "public.nosuch not available", "add-table", "nosuch");
      fails(leaf, "public.c_missing", "add-table", "c_missing");
      fails(leaf, "public.d_differs", "add-table", "d_differs");
      assertThat(leaf.database().count("londiste.table_info where local"))
          .as("nothing half done")
          .isZero();
      fails(leaf, "nosuch", "add-table", "a_fine", "--handler=nosuch");
      leaf.command("add-table", "a_fine");
      fails(root, "root", "resync", "a_fine");
    }
  }

  @Test
  void files_that_are_wrong() throws IOException {
    Path ini = directory.resolve("odd.ini");
    saysOf(ini, null, "Config file not found");
    saysOf(ini, "[other]\nx = 1\n", "londiste3");
    saysOf(ini, "[londiste3]\nqueue_name = q\n", "db");
    saysOf(ini, "[londiste3]\ndb = dbname=x\n", "queue_name");
    saysOf(ini, "[londiste3]\ndb = a\ndb = b\n", "db");
    saysOf(ini, "[londiste3]\ndb = dbname=%(nosuch)s\nqueue_name = q\n", "nosuch");
    saysOf(ini, "[londiste3]\ndb = dbname=x\nqueue_name = q\nloop_delay = soon\n", "soon");
    saysOf(ini, "[londiste3\ndb = x\n", "odd.ini");
    saysOf(ini, "[londiste3]\ndb = dbnam=x\nqueue_name = q\n", "did you mean \"dbname\"");
    saysOf(ini, "[londiste3]\ndb = host='h dbname=x\nqueue_name = q\n", "quote");
  }

  @Test
  void a_second_process_is_refused() throws IOException {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      TestNode node = node("busy", database.connectString());
      Files.writeString(
          directory.resolve("busy.pid"),
          String.valueOf(ProcessHandle.current().parent().orElseThrow().pid()));
      said(node, "Pidfile exists, another process running?", "worker");
    }
  }

  private static String location(TestNode node) {
    return node.database().connectString();
  }

  /** A node of which only the ini file exists. */
  private TestNode node(String name, String connectString) {
    return TestNode.withoutDatabase(name, connectString, directory);
  }

  private static void fails(TestNode node, String message, String... words) {
    CommandLine.Outcome outcome = CommandLine.run(node, words);
    String all = outcome.out() + outcome.log();
    report(words, outcome.code(), all);
    assertThat(outcome.code()).as("%s", all).isEqualTo(1);
    assertThat(all).contains(message).contains("ERROR").doesNotContain("\tat ");
  }

  private static void said(TestNode node, String message, String... words) {
    CommandLine.Outcome outcome = CommandLine.run(node, words);
    report(words, outcome.code(), outcome.out());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains(message);
  }

  private void saysOf(Path ini, @org.jspecify.annotations.Nullable String text, String message)
      throws IOException {
    if (text != null) {
      Files.writeString(ini, text);
    }
    CommandLine.Outcome outcome = CommandLine.runOn(ini, "status");
    report(new String[] {"status"}, outcome.code(), outcome.log());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains(message).doesNotContain("\tat ");
  }

  /** Prints the table of bad inputs to the build's output. */
  private static void report(String[] words, int code, String said) {
    String errors =
        String.join(
            " / ",
            said.lines()
                .filter(line -> !line.startsWith("INFO") && !line.isBlank())
                .limit(4)
                .toList());
    System.out.println("BadInputIT | " + String.join(" ", words) + " | " + code + " | " + errors);
  }
}
