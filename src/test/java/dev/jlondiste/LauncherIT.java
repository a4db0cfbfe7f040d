package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the distribution, started as an operator does it. */
class LauncherIT {
  private static final Path DISTRIBUTION = Path.of("target/jlondiste").toAbsolutePath();

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void keep_caches_here() {
    environment.put("JLONDISTE_CACHE", directory.resolve("cache").toString());
    environment.put("JAVA_OPTS", "");
  }

  @Test
  void version_is_said_without_anything_else() throws Exception {
    Result result = run(DISTRIBUTION.resolve("bin/londiste3"), "--version");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("londiste, Skytools version ").hasLineCount(1);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void qadmin_is_a_program_and_a_command_of_jlondiste() throws Exception {
    Result program = run(DISTRIBUTION.resolve("bin/qadmin"), "--help");
    assertThat(program.exitCode()).isZero();
    assertThat(program.out()).startsWith("Usage: qadmin [options]").containsPattern("-Q +QUEUE");
    assertThat(program.err()).isEmpty();
    assertThat(run(DISTRIBUTION.resolve("bin/jlondiste"), "qadmin", "--help")).isEqualTo(program);
    Result nowhere =
        run(
            DISTRIBUTION.resolve("bin/qadmin"),
            "-d",
            "host=127.0.0.1 port=1 user=u dbname=worker",
            "-c",
            "show queue");
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.err())
        .startsWith("ERROR:  connection to server at \"127.0.0.1\", port 1")
        .contains("\nHINT:  ");
  }

  @Test
  void qadmin_is_never_a_daemon() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("17", ECHO).toString());
    environment.put("JLONDISTE_BACKGROUND", "x");
    for (List<String> words :
        List.of(List.of("qadmin", "-d", "worker"), List.of("jlondiste", "qadmin", "worker"))) {
      String[] args = words.subList(1, words.size()).toArray(new String[0]);
      assertThat(run(DISTRIBUTION.resolve("bin/" + words.get(0)), args).lines())
          .doesNotContain("-Xmx512m");
    }
  }

  @Test
  void works_through_links_from_a_path_with_blanks() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("some where"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("dist"), DISTRIBUTION);
    Files.createSymbolicLink(elsewhere.resolve("londiste3"), Path.of("dist/bin/londiste3"));
    Files.createSymbolicLink(elsewhere.resolve("l3"), Path.of("londiste3"));
    environment.put("JLONDISTE_JAVA", fakeJava("17.0.1", ECHO).toString());
    List<String> arguments = run(elsewhere.resolve("l3"), "my node.ini", "*").lines();
    assertThat(arguments)
        .contains(
            "-Djlondiste.program=londiste3",
            "-Djlondiste.launcher=" + DISTRIBUTION.toRealPath().resolve("bin/londiste3"))
        .endsWith("dev.jlondiste.Main", "my node.ini", "*");
    Files.delete(link); // or JUnit warns that it leads outside
  }

  @Test
  void a_java_that_is_too_old_is_named() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("11.0.2", ECHO).toString());
    Result result = run(DISTRIBUTION.resolve("bin/jlondiste"), "--version");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("ERROR: jlondiste needs Java 17 or newer", "bin/java is Java 11.0.2", "HINT: ");
  }

  @Test
  void a_java_without_release_file_is_asked() throws Exception {
    Path java = fakeJava("", "echo 'java version \"1.8.0_392\"' >&2");
    environment.put("JLONDISTE_JAVA", java.toString());
    Result result = run(DISTRIBUTION.resolve("bin/pgqd"), "--version");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("pgqd needs Java 17", "is Java 1.8.0_392");
  }

  @Test
  void an_old_java_home_does_not_hide_a_newer_java() throws Exception {
    environment.put("JAVA_HOME", fakeJava("1.8.0_392", ECHO).toString());
    environment.put("PATH", fakeJava("21", ECHO) + "/bin:" + System.getenv("PATH"));
    assertThat(run(DISTRIBUTION.resolve("bin/jlondiste")).exitCode()).isZero();
  }

  @Test
  void the_process_becomes_the_jvm() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("17", "echo $$").toString());
    Process process = start(DISTRIBUTION.resolve("bin/pgqd"), "pgqd.ini");
    assertThat(process.inputReader().readLine()).isEqualTo(Long.toString(process.pid()));
    process.waitFor();
  }

  @Test
  void a_worker_gets_a_bounded_heap() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("17", ECHO).toString());
    Path londiste = DISTRIBUTION.resolve("bin/londiste3");
    assertThat(run(londiste, "x.ini", "worker").lines())
        .contains("-Xmx512m", "-XX:TieredStopAtLevel=1");
    assertThat(run(londiste, "-vd", "x.ini", "worker").lines())
        .as("the one that waits for its child")
        .doesNotContain("-Xmx512m");
    assertThat(run(londiste, "x.ini", "worker", "-s").lines()).doesNotContain("-Xmx512m");
    environment.put("JLONDISTE_BACKGROUND", "x");
    assertThat(run(londiste, "-vd", "x.ini", "worker").lines()).contains("-Xmx512m");
  }

  @Test
  void own_options_win() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("17", ECHO).toString());
    environment.put("JAVA_OPTS", "-Xmx1g  -Dx=*");
    environment.put("JLONDISTE_OPTS", "-Dy=2");
    List<String> arguments = run(DISTRIBUTION.resolve("bin/londiste"), "x.ini", "worker").lines();
    assertThat(arguments).containsSubsequence("-Xmx512m", "-Xmx1g", "-Dx=*", "-Dy=2", "-cp");
  }

  @Test
  void only_the_demo_sees_the_libraries_of_the_demo() throws Exception {
    environment.put("JLONDISTE_JAVA", fakeJava("17", ECHO).toString());
    assertThat(run(DISTRIBUTION.resolve("bin/jlondiste"), "demo").out())
        .contains("commons-compress")
        .doesNotContain("postgres-18.jar");
    assertThat(run(DISTRIBUTION.resolve("bin/jlondiste"), "x.ini", "status").out())
        .doesNotContain("commons-compress");
  }

  @Test
  void a_daemon_that_cannot_start_is_an_error_of_the_command() throws Exception {
    Path ini = directory.resolve("node.ini");
    Files.writeString(
        ini,
        """
        [londiste3]
        db = %s
        queue_name = q
        pidfile = %s
        logfile = %s
        """
            .formatted(
                Servers.newest().connectString("postgres"),
                directory.resolve("node.pid"),
                directory.resolve("node.log")));
    Result result = run(DISTRIBUTION.resolve("bin/londiste3"), "-d", ini.toString(), "worker");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("ERROR this database is not a node yet: schema pgq_node is missing", "HINT:");
    assertThat(directory.resolve("node.pid")).doesNotExist();
  }

  private static final String ECHO = "for word; do printf '%s\\n' \"$word\"; done";

  /** Home of a Java that runs {@code script} instead. */
  private Path fakeJava(String version, String script) throws IOException {
    Path home = Files.createTempDirectory(directory, "java home ");
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (!version.isEmpty()) {
      Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }
    return home;
  }

  private Process start(Path program, String... args) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(program.toString()), Stream.of(args)).toList());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Result run(Path program, String... args) throws IOException, InterruptedException {
    Process process = start(program, args);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  private record Result(int exitCode, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }
}
