package dev.jlondiste.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TestServersIT {
  @ParameterizedTest
  @FieldSource("dev.jlondiste.servers.Servers#MAJORS")
  void every_major_runs(String major) {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      String expected = major.contains(".") ? "9.6" : major;
      assertThat(database.value("show server_version")).startsWith(expected + ".");
    }
  }

  @Test
  void data_survives_a_crash_of_the_server() {
    TestServer server = Servers.newest();
    try (TestDatabase database = server.createDatabase()) {
      database.execute("create table t as select generate_series(1, 1000) as n");
      server.kill();
      assertThatThrownBy(database::connect).hasMessageContaining("refused");
      server.start();
      assertThat(database.count("t")).isEqualTo(1000);
      server.restart();
      assertThat(database.count("t")).isEqualTo(1000);
    }
  }

  @Test
  void an_owner_is_not_a_superuser() {
    try (TestDatabase database = Servers.newest().createDatabaseOwnedBy("shop_owner")) {
      assertThat(database.value("select current_user")).isEqualTo("shop_owner");
      assertThat(database.value("show is_superuser")).isEqualTo("off");
      database.execute("create schema s; create table s.t (n int); insert into s.t values (null)");
      assertThat(database.value("select n from s.t")).isNull();
    }
  }

  @Test
  void files_may_include_others(@TempDir Path directory) throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    Files.writeString(
        directory.resolve("sub/f.sql"),
        "create function f() returns int language plpgsql as $$ begin return 1; end; $$;");
    Files.writeString(
        directory.resolve("a.sql"),
        "\\set ON_ERROR_STOP 1\ncreate table a (n int);\n\\ir sub/f.sql\ninsert into a values (f());\n");
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.load(directory.resolve("a.sql"));
      assertThat(database.number("select n from a")).isEqualTo(1);
    }
  }

  @Test
  void killed_sessions_fail() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase();
        Connection connection = database.connect()) {
      assertThat(connection.isValid(5)).isTrue();
      database.killConnections();
      assertThat(connection.isValid(5)).isFalse();
    }
  }
}
