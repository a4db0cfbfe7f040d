package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of plug-ins: those that {@link ServiceLoader} finds on the class path and in the
 * jars of {@code handler_directory}, and classes that {@code handler_modules} names.
 *
 * @param directory value of {@code handler_directory}; null if it is not set
 * @param modules class names in {@code handler_modules}
 */
record HandlerPlugins(
    @Nullable String directory, List<String> modules, List<TableHandlerFactory> factories) {
  static final String DIRECTORY = "handler_directory";
  static final String MODULES = "handler_modules";

  static final HandlerPlugins NONE = new HandlerPlugins(null, List.of(), List.of());

  /** Modules of Londiste, whose handlers are built in. */
  private static final String LONDISTE = "londiste.handlers";

  boolean isOf(Map<String, String> settings) {
    return Optional.ofNullable(directory).equals(Optional.ofNullable(settings.get(DIRECTORY)))
        && modules.equals(modules(settings));
  }

  private static List<String> modules(Map<String, String> settings) {
    return Arrays.stream(settings.getOrDefault(MODULES, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !name.startsWith(LONDISTE))
        .toList();
  }

  static HandlerPlugins load(Map<String, String> settings) {
    String directory = settings.get(DIRECTORY);
    List<String> modules = modules(settings);
    ClassLoader loader = loader(directory);
    List<TableHandlerFactory> factories = new ArrayList<>();
    try {
      ServiceLoader.load(TableHandlerFactory.class, loader).forEach(factories::add);
    } catch (ServiceConfigurationError e) {
      throw new UserError(
          "a plug-in of a handler cannot be loaded: " + e.getMessage(),
          "check the jars in handler_directory " + (directory == null ? "" : directory));
    }
    for (String module : modules) {
      if (factories.stream().noneMatch(known -> known.getClass().getName().equals(module))) {
        factories.add(create(module, loader));
      }
    }
    return new HandlerPlugins(directory, modules, List.copyOf(factories));
  }

  /** The loader stays open as long as the process runs: handlers load classes when needed. */
  private static ClassLoader loader(@Nullable String directory) {
    ClassLoader own = HandlerPlugins.class.getClassLoader();
    return directory == null
        ? own
        : new URLClassLoader(jars(Path.of(directory)).toArray(URL[]::new), own);
  }

  private static List<URL> jars(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new UserError(
          DIRECTORY + " = " + directory + ": no such directory",
          "name the directory that has the jars of handlers, or remove the key");
    }
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path file : files) {
        jars.add(url(file));
      }
    } catch (IOException e) {
      throw new UserError(DIRECTORY + " = " + directory + ": " + e.getMessage(), null);
    }
    jars.sort((first, second) -> first.toString().compareTo(second.toString()));
    return jars;
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }

  private static TableHandlerFactory create(String name, ClassLoader loader) {
    try {
      return Class.forName(name, true, loader)
          .asSubclass(TableHandlerFactory.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new UserError(
          MODULES + ": cannot load handler " + name + ": " + e,
          "its jar belongs into handler_directory; handlers of Londiste are built in");
    }
  }
}
