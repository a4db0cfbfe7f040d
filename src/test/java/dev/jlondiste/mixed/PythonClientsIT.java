package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers and producers written with the original's Python modules, on our database code. */
class PythonClientsIT {
  private static final int EVENTS = 200;
  private static final String SEEN =
      "create table seen (ev_id bigint, ev_type text, ev_data text, ev_extra1 text)";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void every_event_is_seen_once(String major) throws Exception {
    try (TestDatabase queue = Servers.shared(major).createDatabase();
        TestDatabase target = Servers.shared(major).createDatabase()) {
      queue.load(Path.of("sql/install.sql"));
      queue.execute("select pgq.create_queue('q')");
      queue.execute("select pgq.set_queue_config('q', 'ticker_max_lag', '0.1')");
      queue.execute(SEEN);
      target.load(Path.of("sql/pgq_ext/install.sql"));
      target.execute(SEEN);
      Path recorder = ini("recorder", queue, target);
      Path remote = ini("remote_recorder", queue, target);
      for (Path job : List.of(recorder, remote)) {
        succeeds(ReferenceProgram.runPython(script(job), job.toString(), "--register"));
      }
      try (TestTicker ticker = new TestTicker(queue);
          ReferenceProgram local = ReferenceProgram.python(script(recorder), recorder);
          ReferenceProgram other = ReferenceProgram.python(script(remote), remote)) {
        succeeds(
            ReferenceProgram.runPython(
                script("producer"), queue.connectString(), "q", Integer.toString(EVENTS)));
        await()
            .untilAsserted(
                () -> {
                  queue.rows("select pgq.maint_retry_events()");
                  assertThat(distinct(queue)).isEqualTo(EVENTS);
                  assertThat(distinct(target)).isEqualTo(EVENTS);
                });
        assertThat(queue.count("seen")).isEqualTo(EVENTS);
        assertThat(target.count("seen")).isEqualTo(EVENTS);
        assertThat(target.number("select count(*) from seen where ev_type = 'bulk'"))
            .isEqualTo(EVENTS / 2);
        assertThat(queue.count("pgq.retry_queue")).isZero();
      }
    }
  }

  private static long distinct(TestDatabase database) {
    return database.number("select count(distinct (ev_data, ev_extra1)) from seen");
  }

  private Path ini(String job, TestDatabase queue, TestDatabase target) throws IOException {
    return Files.writeString(
        directory.resolve(job + ".ini"),
        """
        [%1$s]
        job_name = %1$s
        db = %2$s
        target_db = %3$s
        queue_name = q
        consumer_name = %1$s
        loop_delay = 0.1
        pidfile = %4$s/%1$s.pid
        logfile = %4$s/%1$s.log
        """
            .formatted(job, queue.connectString(), target.connectString(), directory));
  }

  private static void succeeds(ReferenceProgram.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.out()).isZero();
  }

  /** The script that an ini file is for. */
  private Path script(Path ini) throws IOException {
    return script(ini.getFileName().toString().replace(".ini", ""));
  }

  private Path script(String name) throws IOException {
    Path script = directory.resolve(name + ".py");
    if (!Files.exists(script)) {
      try (InputStream text =
          Objects.requireNonNull(PythonClientsIT.class.getResourceAsStream(name + ".py"))) {
        Files.copy(text, script);
      }
    }
    return script;
  }
}
