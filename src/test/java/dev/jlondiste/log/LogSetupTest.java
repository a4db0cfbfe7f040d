package dev.jlondiste.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogSetupTest {
  private static final Logger log = LoggerFactory.getLogger(LogSetupTest.class);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("x.log");
  }

  @AfterEach
  void backToStderr() {
    LogSetup.early(LineStyle.LONDISTE, Verbosity.NORMAL);
  }

  private NodeSettings node(Path logfile) throws IOException {
    Path ini = directory.resolve("n.ini");
    Files.writeString(ini, "[londiste3]\ndb = dbname=a\nqueue_name = q\nlogfile = " + logfile);
    return NodeSettings.read(ini, Map.of(), List.of("londiste3")).settings();
  }

  @Test
  void a_node_logs_to_its_file() throws IOException {
    LogSetup.londiste(node(file).job(), Verbosity.NORMAL, false);
    log.debug("not this");
    log.info("hello {}", 1);
    assertThat(file).content().matches("(?s)[0-9-]{10} [0-9:]{8},[0-9]{3} [0-9]+ INFO hello 1\n");
  }

  @Test
  void quiet_and_verbose_choose_the_level() throws IOException {
    LogSetup.londiste(node(file).job(), Verbosity.QUIET, false);
    log.info("not this");
    log.warn("this");
    LogSetup.londiste(node(file).job(), Verbosity.VERBOSE, false);
    log.debug("and this");
    assertThat(file)
        .content()
        .contains("WARNING this", "DEBUG and this")
        .doesNotContain("not this");
  }

  @Test
  void libraries_are_not_logged() throws IOException {
    LogSetup.londiste(node(file).job(), Verbosity.NORMAL, false);
    LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").warn("pool");
    LoggerFactory.getLogger("some.library").debug("chatter");
    assertThat(file).isEmptyFile();
  }

  @Test
  void the_ticker_reopens_its_file_on_request() throws IOException {
    Path ini = directory.resolve("t.ini");
    Files.writeString(ini, "[pgqd]\nsyslog = 0\nlogfile = " + file);
    LogSetup.ticker(TickerSettings.read(ini, Map.of()).settings(), Verbosity.NORMAL, false);
    log.info("one");
    Files.delete(file);
    LogSetup.reopen();
    log.error(LogSetup.FATAL, "two");
    assertThat(file).content().contains("] FATAL two").doesNotContain("one");
  }

  @Test
  void a_file_that_cannot_be_opened_leaves_the_old_log() throws IOException {
    LogSetup.londiste(node(file).job(), Verbosity.NORMAL, false);
    NodeSettings broken = node(directory.resolve("no/x.log"));
    assertThatThrownBy(() -> LogSetup.londiste(broken.job(), Verbosity.NORMAL, false))
        .isInstanceOf(UserError.class);
    log.info("still here");
    assertThat(file).content().contains("still here");
  }
}
