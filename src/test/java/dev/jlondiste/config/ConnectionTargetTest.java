package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTargetTest {
  @TempDir Path home;
  private final Map<String, String> variables = new HashMap<>();

  private ConnectionTarget resolve(String text) {
    variables.putIfAbsent("PGSYSCONFDIR", home.resolve("none").toString());
    return ConnectionString.parse(text).resolve(new Environment(variables, home, "alice"));
  }

  @Test
  void without_anything_it_is_the_own_database_on_the_local_socket() {
    ConnectionTarget target = resolve("");
    assertThat(target.user()).isEqualTo("alice");
    assertThat(target.database()).isEqualTo("alice");
    assertThat(target.servers()).containsExactly(new ServerAddress("", "", 5432));
    assertThat(target.servers().get(0).isSocket()).isTrue();
  }

  @Test
  void the_database_is_called_as_the_user() {
    assertThat(resolve("user=bob").database()).isEqualTo("bob");
  }

  @Test
  void environment_fills_gaps_only() {
    variables.putAll(Map.of("PGHOST", "h", "PGPORT", "6432", "PGUSER", "u", "PGDATABASE", "d"));
    variables.putAll(Map.of("PGPASSWORD", "p", "PGSSLMODE", "require", "PGOPTIONS", "-c a=b"));
    variables.putAll(Map.of("PGAPPNAME", "app", "PGCONNECT_TIMEOUT", "3"));
    ConnectionTarget target = resolve("port=7432");
    assertThat(target.servers()).containsExactly(new ServerAddress("h", "", 7432));
    assertThat(target.user()).isEqualTo("u");
    assertThat(target.database()).isEqualTo("d");
    assertThat(target.passwords()).containsExactly(Optional.of("p"));
    assertThat(target.value("sslmode")).contains("require");
    assertThat(target.value("options")).contains("-c a=b");
    assertThat(target.value("application_name")).contains("app");
    assertThat(target.value("connect_timeout")).contains("3");
  }

  @Test
  void hosts_share_a_port_or_have_their_own() {
    assertThat(resolve("host=a,b port=1").servers())
        .containsExactly(new ServerAddress("a", "", 1), new ServerAddress("b", "", 1));
    assertThat(resolve("postgresql://a,b:2").servers())
        .containsExactly(new ServerAddress("a", "", 5432), new ServerAddress("b", "", 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host=a,b,c port=1,2", "port=x", "port=0", "port=65536", "host=@abstract"})
  void impossible_servers_are_refused(String text) {
    assertThatThrownBy(() -> resolve(text)).isInstanceOf(UserError.class);
  }

  @Test
  void an_address_saves_looking_up_the_name() {
    ServerAddress server = resolve("host=name hostaddr=10.0.0.1").servers().get(0);
    assertThat(server.destination()).isEqualTo("10.0.0.1");
    assertThat(server.isSocket()).isFalse();
  }

  @Test
  void a_service_goes_before_the_environment_and_after_the_string() throws IOException {
    Path file = home.resolve("services");
    Files.writeString(
        file, "# c\n[x]\nhost=other\n[shop]\nhost=db1\nport=6\nuser=svc\n[y]\nhost=z\n");
    variables.putAll(Map.of("PGSERVICEFILE", file.toString(), "PGPORT", "9", "PGUSER", "env"));
    ConnectionTarget target = resolve("service=shop user=me");
    assertThat(target.servers()).containsExactly(new ServerAddress("db1", "", 6));
    assertThat(target.user()).isEqualTo("me");
  }

  @Test
  void a_service_is_found_in_the_home_and_in_the_system_directory() throws IOException {
    Files.writeString(home.resolve(".pg_service.conf"), "[mine]\nhost=a\n");
    Files.writeString(home.resolve("pg_service.conf"), "[mine]\nhost=c\n[theirs]\nhost=b\n");
    variables.put("PGSYSCONFDIR", home.toString());
    assertThat(resolve("service=mine").servers().get(0).host()).isEqualTo("a");
    assertThat(resolve("service=theirs").servers().get(0).host()).isEqualTo("b");
    variables.put("PGSERVICE", "theirs");
    assertThat(resolve("").servers().get(0).host()).isEqualTo("b");
  }

  @Test
  void an_unknown_service_is_an_error() {
    assertThatThrownBy(() -> resolve("service=nope"))
        .isInstanceOf(UserError.class)
        .hasMessage("definition of service \"nope\" not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"service=other", "ldap://x", "prot=5", "just text"})
  void a_bad_line_in_the_service_file_is_an_error(String line) throws IOException {
    Files.writeString(home.resolve(".pg_service.conf"), "[s]\n" + line + "\n");
    assertThatThrownBy(() -> resolve("service=s"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(".pg_service.conf:2");
  }

  @ParameterizedTest
  @CsvSource({
    "host=h1 port=1 dbname=d user=u, exact",
    "host=h1 port=1 dbname=other user=u, anydb",
    "host=/tmp port=1 dbname=d user=u, local",
    "dbname=d user=u, local",
    "host=/run/own port=1 dbname=d user=u, dir",
    "host=a:b port=1 dbname=d user=u, co:lon\\",
    "hostaddr=10.0.0.1 dbname=d user=u, addr"
  })
  void the_password_file_supplies_passwords(String text, String password) throws IOException {
    passwordFile(
        "rw-------",
        """
        # comment
        h1:1:d:u:exact
        h1:*:*:u:anydb
        localhost:*:d:u:local
        /run/own:1:d:u:dir
        a\\:b:1:d:u:co\\:lon\\\\
        10.0.0.1:5432:d:u:addr
        """);
    assertThat(resolve(text).passwords()).containsExactly(Optional.of(password));
  }

  @Test
  void each_host_has_its_own_password() throws IOException {
    passwordFile("rw-------", "a:*:*:*:one\nb:*:*:*:two\n");
    assertThat(resolve("host=a,b,c").passwords())
        .containsExactly(Optional.of("one"), Optional.of("two"), Optional.empty());
  }

  @Test
  void a_given_password_goes_before_the_file() throws IOException {
    passwordFile("rw-------", "*:*:*:*:file\n");
    assertThat(resolve("password=given").passwords()).containsExactly(Optional.of("given"));
    assertThat(resolve("password=''").passwords()).containsExactly(Optional.of("file"));
  }

  @Test
  void a_password_file_open_to_others_is_ignored_with_a_warning() throws IOException {
    passwordFile("rw-r-----", "*:*:*:*:secret\n");
    ConnectionTarget target = resolve("");
    assertThat(target.passwords()).containsExactly(Optional.empty());
    assertThat(target.warnings()).singleElement().asString().contains("group or world access");
  }

  @Test
  void another_password_file_can_be_named() throws IOException {
    Path file = home.resolve("elsewhere");
    Files.writeString(file, "*:*:*:*:secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(resolve("passfile=" + file).passwords()).containsExactly(Optional.of("secret"));
    variables.put("PGPASSFILE", file.toString());
    assertThat(resolve("").passwords()).containsExactly(Optional.of("secret"));
  }

  @Test
  void no_record_shows_a_password() throws IOException {
    passwordFile("rw-------", "*:*:*:*:secret\n");
    variables.put("PGPASSWORD", "secret");
    assertThat(resolve("password=secret sslpassword=secret").toString()).doesNotContain("secret");
    assertThat(new Environment(variables, home, "x").toString()).doesNotContain("secret");
    assertThat(new ConnectionPair("password", "secret", 0, 1).toString()).doesNotContain("secret");
    assertThat(List.of(resolve(""))).asString().doesNotContain("secret");
  }

  private void passwordFile(String permissions, String content) throws IOException {
    Path file = home.resolve(".pgpass");
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
