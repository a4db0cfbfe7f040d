package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The available handlers: the built-in ones and those of plug-ins, which {@link #load} adds.
 * Factories are stateless, so all nodes of a process share them; settings of a node are in the
 * {@link HandlerContext}.
 */
public final class TableHandlers {
  /** The handler of a table that has no stored handler. */
  public static final String DEFAULT = LondisteHandler.NAME;

  private static final List<TableHandlerFactory> BUILT_IN = builtIn();

  private static volatile HandlerPlugins plugins = HandlerPlugins.NONE;
  private static volatile Map<String, TableHandlerFactory> byName = byName(BUILT_IN);

  private TableHandlers() {}

  private static List<TableHandlerFactory> builtIn() {
    List<TableHandlerFactory> all =
        new ArrayList<>(
            List.of(
                new LondisteHandler.Factory(),
                new VirtualHandler.Factory(),
                new ShardHandler.Factory(),
                new BulkHandler.Factory()));
    LoadPreset.all().forEach(preset -> all.add(new LoadHandler.Factory(preset)));
    all.addAll(
        List.of(
            new ColumnsHandler.Factory(),
            new FilterHandler.Factory(),
            new ObfuscateHandler.Factory(),
            new FunctionHandler.Factory(),
            new MultiMasterHandler.Factory(),
            new QueueTableHandler.Factory(),
            new QueueSplitHandler.Factory()));
    return List.copyOf(all);
  }

  /**
   * Makes the plug-ins available that an ini file names. Does nothing if they are already loaded.
   *
   * @param settings the keys for handlers: {@code handler_directory}, {@code handler_modules}
   * @throws UserError if a plug-in cannot be loaded, or has the name of another handler
   */
  public static synchronized void load(Map<String, String> settings) {
    if (plugins.isOf(settings)) {
      return;
    }
    HandlerPlugins loaded = HandlerPlugins.load(settings);
    byName = byName(all(loaded));
    plugins = loaded;
  }

  private static Map<String, TableHandlerFactory> byName(List<TableHandlerFactory> all) {
    Map<String, TableHandlerFactory> named = new HashMap<>();
    for (TableHandlerFactory factory : all) {
      for (String name : factory.description().names()) {
        TableHandlerFactory other = named.put(name, factory);
        if (other != null) {
          throw new UserError(
              "handler '%s' of plug-in %s exists already: %s"
                  .formatted(name, factory.getClass().getName(), other.getClass().getName()),
              "remove one of them from handler_directory or handler_modules");
        }
      }
    }
    return Map.copyOf(named);
  }

  private static List<TableHandlerFactory> all(HandlerPlugins loaded) {
    List<TableHandlerFactory> all = new ArrayList<>(BUILT_IN);
    all.addAll(loaded.factories());
    return all;
  }

  /** All handlers, the built-in ones first. */
  public static List<TableHandlerFactory> all() {
    return all(plugins);
  }

  /** The primary names of all handlers. */
  public static List<String> names() {
    return all().stream().map(factory -> factory.description().name()).toList();
  }

  /** Returns the factory of a handler by one of its names; empty if it is unknown. */
  public static Optional<TableHandlerFactory> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Returns the factory of that name.
   *
   * @throws UserError if it is unknown
   */
  public static TableHandlerFactory named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new UserError(
                    "unknown handler '" + name + "'",
                    "handlers here: "
                        + String.join(", ", names())
                        + "; plug-ins are found in handler_directory of the ini file"));
  }
}
