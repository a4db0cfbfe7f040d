package dev.jlondiste.replica.handler;

import java.util.List;
import java.util.Optional;

/** The available handlers. */
public final class TableHandlers {
  /** The handler of a table that has no stored handler. */
  public static final String DEFAULT = LondisteHandler.NAME;

  private static final List<HandlerFactory> ALL = List.of(new LondisteHandler.Factory());

  private TableHandlers() {}

  public static List<String> names() {
    return ALL.stream().map(HandlerFactory::name).toList();
  }

  /** Returns the handler factory; empty if there is no handler of this name. */
  public static Optional<HandlerFactory> find(String name) {
    return ALL.stream().filter(handler -> handler.name().equals(name)).findFirst();
  }
}
