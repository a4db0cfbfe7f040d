package dev.jlondiste.admin.takeover.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgBouncerIniTest {
  private static final PgBouncerTarget NEW = new PgBouncerTarget("new", 5433, "shop18");

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void file() {
    file = directory.resolve("pgbouncer.ini");
  }

  private String after(String before, String... databases) throws IOException {
    Files.writeString(file, before, StandardCharsets.ISO_8859_1);
    new PgBouncerIni(file).direct(List.of(databases), NEW);
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void only_the_target_of_the_entry_is_changed() throws IOException {
    String before =
        """
        ;; shop = host=commented port=1
        [databases]
        ; the shop
        shop = host=old port=5432 dbname=shop96 user=app password='it''s port=1' pool_size=5
        other = host=old port=5432
        * = host=old port=5432

        [pgbouncer]
        shop = no entry, ignored
        """;
    assertThat(after(before, "shop"))
        .isEqualTo(
            before.replace(
                "host=old port=5432 dbname=shop96 user", "host=new port=5433 dbname=shop18 user"));
  }

  @Test
  void missing_keys_are_added() throws IOException {
    assertThat(after("[databases]\nshop =\n", "shop"))
        .isEqualTo("[databases]\nshop = host=new port=5433 dbname=shop18\n");
    assertThat(after("[databases]\r\n shop18 = auth_user=x \r\n", "shop18"))
        .isEqualTo("[databases]\r\n shop18 = auth_user=x host=new port=5433 \r\n");
  }

  @Test
  void spaces_and_quotes_are_understood_and_kept() throws IOException {
    assertThat(
            after(
                "[Databases]\n\"my \"\"shop\"\"\"=host = 'o l d'  port= 1 dbname='a b'",
                "my \"shop\""))
        .isEqualTo("[Databases]\n\"my \"\"shop\"\"\"=host = new  port= 5433 dbname=shop18");
  }

  @Test
  void values_are_quoted_where_needed() throws IOException {
    Files.writeString(file, "[databases]\nx = port=1 host=h\n");
    new PgBouncerIni(file).direct(List.of("x"), new PgBouncerTarget("::1", 1, "it's a shop"));
    assertThat(file).hasContent("[databases]\nx = port=1 host=::1 dbname='it''s a shop'\n");
  }

  @Test
  void several_entries_and_bytes_of_any_encoding() throws IOException {
    assertThat(after("[databases]\n; \u00e9\u00ff\na = host=1\nb = host=2\nc = host=3\n", "a", "c"))
        .isEqualTo(
            """
            [databases]
            ; \u00e9\u00ff
            a = host=new port=5433 dbname=shop18
            b = host=2
            c = host=new port=5433 dbname=shop18
            """);
  }

  @Test
  void the_last_of_equal_entries_counts() throws IOException {
    assertThat(after("[databases]\na = host=1\na = host=2\n", "a"))
        .isEqualTo("[databases]\na = host=1\na = host=new port=5433 dbname=shop18\n");
  }

  @Test
  void a_second_time_changes_nothing() throws IOException {
    String once = after("[databases]\nshop = host=old\n", "shop");
    assertThat(after(once, "shop")).isEqualTo(once);
  }

  @Test
  void permissions_and_links_are_kept() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real")).resolve("p.ini");
    Files.writeString(real, "[databases]\na = host=1\n");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(file, real);
    new PgBouncerIni(file).direct(List.of("a"), NEW);
    assertThat(file).isSymbolicLink().content().contains("host=new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    assertThat(real.getParent()).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void a_missing_entry_or_file_is_an_obstacle() throws IOException {
    assertThat(new PgBouncerIni(file).obstacles(List.of("a")).toString())
        .contains("could not read");
    Files.writeString(file, "[databases]\n* = host=1\n");
    assertThat(new PgBouncerIni(file).obstacles(List.of("a")).toString())
        .contains("has no entry 'a' in section [databases]");
    assertThatThrownBy(() -> new PgBouncerIni(file).direct(List.of("a"), NEW))
        .isInstanceOf(UserError.class);
    assertThat(new PgBouncerIni(file).obstacles(List.of("*"))).isEmpty();
  }

  @Test
  void the_target_is_the_one_host_of_the_location() {
    assertThat(PgBouncerTarget.of(ConnectionString.parse("host=a hostaddr=10.0.0.1 dbname=d")))
        .hasToString("host=10.0.0.1 port=5432 dbname=d");
    assertThat(PgBouncerTarget.of(ConnectionString.parse("postgresql://u:x@a:6000/d")))
        .hasToString("host=a port=6000 dbname=d");
    for (String several : List.of("host=a,b dbname=d", "dbname=d")) {
      assertThatThrownBy(() -> PgBouncerTarget.of(ConnectionString.parse(several)))
          .hasMessageContaining("does not have exactly one host");
    }
  }
}
