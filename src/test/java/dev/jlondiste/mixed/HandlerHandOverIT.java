package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A node of Londiste with handlers is taken over, and goes back, with equal data. */
class HandlerHandOverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TABLES =
      """
      create schema partconf;
      create table partconf.conf (shard_nr int, shard_mask int, shard_count int);
      insert into partconf.conf values (1, 1, 2);
      create function partconf.get_hash_raw(integer) returns integer language sql as
        'select hashint4($1)';
      create table pieces (id int primary key, v text);
      create table loaded (id int primary key, v text);
      create table called (id int primary key, v text);
      create table jobs (id int primary key, v text);
      create table noted (ev_id bigint primary key, ev_type text);
      create function note(text, text, text, text, text, text, text, text, text, text, text, text)
      returns void language sql as 'insert into public.noted values ($3::bigint, $7)';
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private static void prepare(MixedNode node) throws IOException {
    node.database().execute(TABLES);
    Files.writeString(
        node.node().ini(),
        "\nhandler_modules = londiste.handlers.applyfn, londiste.handlers.shard,"
            + " londiste.handlers.bulk, londiste.handlers.qtable\n",
        StandardOpenOption.APPEND);
  }

  private static void add(MixedNode node, boolean root) {
    node.addTables(List.of("pieces"), "--handler=shard", "--handler-arg=hash_key=id");
    node.addTables(List.of("jobs"), "--handler=qtable");
    if (root) {
      node.addTables(List.of("loaded", "called"));
      return;
    }
    node.addTables(List.of("loaded"), "--handler=bulk", "--handler-arg=method=0");
    node.addTables(List.of("called"), "--handler=applyfn", "--handler-arg=func_name=public.note");
  }

  private static void write(MixedNode root, int from) {
    root.database()
        .execute(
            """
            insert into pieces select i, 'new' from generate_series(%1$d, %1$d + 40) i;
            update pieces set v = v || 'x' where id %% 3 = 0;
            delete from pieces where id %% 7 = 0;
            insert into loaded select i, 'new' from generate_series(%1$d, %1$d + 300) i;
            update loaded set v = v || 'x' where id %% 3 = 0;
            delete from loaded where id %% 7 = 0;
            insert into called select i, 'new' from generate_series(%1$d, %1$d + 3) i;
            insert into jobs select i, 'new' from generate_series(%1$d, %1$d + 3) i;
            """
                .formatted(from));
  }

  private static List<@Nullable String> rows(MixedNode node, String table, String condition) {
    return node.database()
        .column("select x::text from %s x where %s order by id".formatted(table, condition));
  }

  private static void isEqual(MixedNode root, MixedNode leaf, int calls) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(rows(leaf, "loaded", "true")).isEqualTo(rows(root, "loaded", "true"));
              assertThat(rows(leaf, "pieces", "true"))
                  .isEqualTo(rows(root, "pieces", "(hashint4(id) & 1) = 1"));
              assertThat(leaf.database().count("noted")).isEqualTo(calls);
            });
  }

  @Test
  void handlers_continue_where_the_other_worker_has_stopped() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.REFERENCE, "14");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      prepare(root);
      prepare(leaf);
      root.createRoot();
      add(root, true);
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        add(leaf, false);
        Eventually.inSync(leaf.node());
        write(root, 1);
        isEqual(root, leaf, 4);
        leaf.start(Maker.OURS);
        write(root, 1001);
        isEqual(root, leaf, 8);
        assertThat(leaf.command(Maker.OURS, "status")).doesNotContain("ERR");
        leaf.command(Maker.OURS, "resync", "pieces");
        Eventually.inSync(leaf.node());
        isEqual(root, leaf, 8);
        leaf.start(Maker.REFERENCE);
        write(root, 2001);
        isEqual(root, leaf, 12);
        root.command(
            Maker.OURS, "change-handler", "pieces", "--handler=shard", "--handler-arg=hash_key=id");
        write(root, 3001);
        isEqual(root, leaf, 16);
      }
    }
  }

  @Test
  void londiste_reads_the_hashes_of_native_triggers() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "16");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      prepare(root);
      prepare(leaf);
      root.createRoot();
      add(root, true);
      assertThat(
              root.database()
                  .value(
                      "select capture from londiste._capture_status('testq')"
                          + " where table_name = 'public.pieces'"))
          .isEqualTo("statement");
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(List.of("pieces"), "--handler=shard", "--handler-arg=hash_key=id");
        Eventually.inSync(leaf.node());
        int from = 1;
        for (Maker maker : List.of(Maker.REFERENCE, Maker.OURS, Maker.REFERENCE)) {
          leaf.start(maker);
          write(root, from);
          from += 1000;
          root.database().execute("update pieces set id = -id where id % 5 = 0 and id > 0");
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(rows(leaf, "pieces", "true"))
                          .isEqualTo(rows(root, "pieces", "(hashint4(id) & 1) = 1")));
        }
      }
    }
  }
}
