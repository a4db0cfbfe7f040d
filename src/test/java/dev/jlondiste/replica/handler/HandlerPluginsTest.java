package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers in jars of a directory, compiled here as a user would. */
class HandlerPluginsTest {
  private static final String SOURCE =
      """
      package org.example;
      import dev.jlondiste.pgq.*;
      import dev.jlondiste.replica.handler.*;
      import java.util.List;
      public final class Plugin implements TableHandlerFactory {
        @Override public HandlerDescription description() {
          return HandlerDescription.of("NAME", "Of a user.", "Does nothing.",
              List.of(HandlerArgument.of("color", HandlerArgument.Type.TEXT, "any").asRequired()));
        }
        @Override public TableHandler create(HandlerContext context) {
          return new TableHandler() {
            @Override public void apply(DecodedEvent event) {
              throw new IllegalStateException("no " + context.argument("color").orElseThrow());
            }
            @Override public void truncate(Event event) {}
          };
        }
      }
      """;

  @TempDir private Path directory;

  @AfterEach
  void forget() {
    TableHandlers.load(Map.of());
  }

  private static String classes() {
    return TableHandlerFactory.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  private Path jar(String handler, boolean service) throws IOException {
    Path source = directory.resolve("Plugin.java");
    Files.writeString(source, SOURCE.replace("NAME", handler));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                classes(),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(failed).isZero();
    Path jars = Files.createDirectories(directory.resolve("handlers"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(jars.resolve("plugin.jar")))) {
      for (String name : new String[] {"Plugin.class", "Plugin$1.class"}) {
        jar.putNextEntry(new JarEntry("org/example/" + name));
        jar.write(Files.readAllBytes(classes.resolve("org/example").resolve(name)));
      }
      if (service) {
        jar.putNextEntry(new JarEntry("META-INF/services/" + TableHandlerFactory.class.getName()));
        jar.write("org.example.Plugin\n".getBytes(StandardCharsets.UTF_8));
      }
    }
    return jars;
  }

  @Test
  void a_jar_of_the_directory_brings_a_handler() throws IOException {
    TableHandlers.load(Map.of("handler_directory", jar("mine", true).toString()));
    assertThat(TableHandlers.names()).contains("londiste", "mine");
    assertThat(TableHandlers.named("mine").description().summary()).isEqualTo("Of a user.");
    TableHandlers.load(Map.of());
    assertThat(TableHandlers.find("mine")).isEmpty();
  }

  @Test
  void a_class_can_be_named() throws IOException {
    String jars = jar("mine", false).toString();
    TableHandlers.load(Map.of("handler_directory", jars));
    assertThat(TableHandlers.find("mine")).isEmpty();
    TableHandlers.load(
        Map.of(
            "handler_directory",
            jars,
            "handler_modules",
            "londiste.handlers.shard, org.example.Plugin"));
    assertThat(TableHandlers.find("mine")).isPresent();
  }

  @Test
  void modules_of_londiste_are_built_in() {
    TableHandlers.load(
        Map.of("handler_modules", "londiste.handlers.bulk, londiste.handlers.obfuscate"));
    assertThat(TableHandlers.find("bulk")).isPresent();
  }

  @Test
  void what_cannot_be_loaded_is_an_error_that_names_it() throws IOException {
    assertThatThrownBy(() -> TableHandlers.load(Map.of("handler_modules", "org.example.Other")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot load handler org.example.Other");
    assertThatThrownBy(() -> TableHandlers.load(Map.of("handler_modules", "java.lang.String")))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> TableHandlers.load(Map.of("handler_directory", "/nowhere")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/nowhere: no such directory");
    Path jars = jar("part", true);
    assertThatThrownBy(() -> TableHandlers.load(Map.of("handler_directory", jars.toString())))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("handler 'part' of plug-in org.example.Plugin exists already");
    assertThat(TableHandlers.names()).doesNotContain("org.example.Plugin");
  }
}
