package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.Map;

/** One kind of handler. Stateless. */
public interface HandlerFactory {
  /** As it is stored with a table, and given to {@code add-table --handler}. */
  String name();

  /**
   * Checks an argument that is to be stored with a table.
   *
   * @throws UserError if the handler does not have it, or not with this value
   */
  void checkArgument(String name, String value);

  /**
   * The handler of one table.
   *
   * @param destination the local table
   * @param arguments as stored: not necessarily by this program, and so not checked
   */
  TableHandler create(TableName destination, Map<String, String> arguments);
}
