package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A replicated table whose newest row shows that all earlier changes have arrived. Works for all
 * contenders, independent of their positions.
 */
final class Marker {
  static final String TABLE = "public.bench_marker";
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  private final Stage stage;
  private long last;

  private Marker(Stage stage) {
    this.stage = stage;
  }

  static Marker create(Stage stage) {
    stage.everywhere("create table " + TABLE + " (id bigint primary key)");
    return new Marker(stage);
  }

  List<String> with(List<String> tables) {
    List<String> all = new ArrayList<>(tables);
    all.add(TABLE);
    return List.copyOf(all);
  }

  void set() {
    last++;
    stage.source().execute("insert into " + TABLE + " values (" + last + ")");
  }

  void await() throws Exception {
    List<Probe> probes = new ArrayList<>();
    try {
      for (TestDatabase target : stage.targets()) {
        probes.add(
            new Probe(target, "select exists (select from " + TABLE + " where id = " + last + ")"));
      }
      for (Probe probe : probes) {
        Pause.until("arrived", Pause.FINE, TIMEOUT, probe::holds);
      }
    } finally {
      for (Probe probe : probes) {
        probe.close();
      }
    }
  }
}
