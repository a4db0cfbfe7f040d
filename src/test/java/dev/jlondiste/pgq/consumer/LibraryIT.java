package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.LibraryJar;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;
import org.slf4j.Logger;

/** A program needs only the queue library, the driver and SLF4J's API. */
class LibraryIT {
  private static final Path EXAMPLES = Path.of("src/docs/example");

  @TempDir private Path directory;

  private List<Path> libraries() {
    return List.of(
        LibraryJar.in(directory), LibraryJar.place(Driver.class), LibraryJar.place(Logger.class));
  }

  @Test
  void the_examples_are_compiled_and_run_with_it_alone() throws IOException {
    Path classes = Files.createDirectory(directory.resolve("classes"));
    assertThat(warnings(classes)).isEmpty();
    try (TestDatabase shop = Servers.newest().createDatabase()) {
      createShop(shop);
      String program = "com.example.shop.OrderMailer";
      List<Path> path = Stream.concat(Stream.of(classes), libraries().stream()).toList();
      try (ConsumerProcess mailer = new ConsumerProcess(directory, path, program, shop.jdbcUrl())) {
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(shop.count("mail")).isEqualTo(1));
      }
    }
  }

  private String warnings(Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> examples = Files.walk(EXAMPLES)) {
      List<Path> sources = examples.filter(file -> file.toString().endsWith(".java")).toList();
      String classPath =
          libraries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
      List<String> options = List.of("-Xlint:all", "-d", classes.toString(), "-cp", classPath);
      compiler
          .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    return said.toString();
  }

  /** The mailer must be registered before the order: it does not receive earlier events. */
  private static void createShop(TestDatabase shop) {
    shop.load(Path.of("sql/pgq/install.sql"));
    shop.execute(
        """
        select pgq.create_queue('shop');
        select pgq.register_consumer('shop', 'mailer');
        create table orders (id bigserial primary key, customer text not null);
        create trigger orders_queue after insert on orders
            for each row execute procedure pgq.logutriga('shop');
        create table mail (order_id bigint not null, recipient text not null);
        insert into orders (customer) values ('a customer')
        """);
    shop.execute("select pgq.force_tick('shop')");
    shop.execute("select pgq.ticker('shop')");
  }

  @Test
  void it_is_no_program() throws IOException {
    try (JarFile jar = new JarFile(LibraryJar.in(directory).toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .contains("dev/jlondiste/pgq/consumer/QueueConsumer.class")
          .noneMatch(name -> name.startsWith("dev/jlondiste/config"))
          .doesNotContain("dev/jlondiste/Main.class", "dev/jlondiste/db/Pool.class");
      assertThat(jar.getManifest() == null ? "" : jar.getManifest().getMainAttributes().toString())
          .doesNotContain("Class-Path", "Main-Class");
    }
  }
}
