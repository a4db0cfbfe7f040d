package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.Map;

/** Creates handlers of one kind. Stateless. */
public interface HandlerFactory {
  /** The name that is stored with a table and passed to {@code add-table --handler}. */
  String name();

  /**
   * Checks an argument that is to be stored with a table.
   *
   * @throws UserError if the handler does not have the argument or does not accept the value
   */
  void checkArgument(String name, String value);

  /**
   * Creates the handler of one table.
   *
   * @param destination the local table
   * @param arguments the stored arguments; not checked, because another program may have stored
   *     them
   */
  TableHandler create(TableName destination, Map<String, String> arguments);
}
