package dev.jlondiste.pgq.consumer;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * Lends a transaction to a handler, and makes sure that it comes back whole. The connection refuses
 * to commit and to roll back; what the handler does past it, as SQL text or by swallowing the error
 * that broke the transaction, is noticed because the savepoint is gone. Without that check the
 * position would be committed without what the handler wrote.
 */
final class HandlerTransaction {
  private static final String SAVEPOINT = "jlondiste_handler";

  private final Connection real;
  private final Connection lent;
  private final Savepoint savepoint;

  HandlerTransaction(Connection real) throws SQLException {
    this.real = real;
    this.lent =
        (Connection)
            Proxy.newProxyInstance(
                HandlerTransaction.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new Lent(real));
    this.savepoint = real.setSavepoint(SAVEPOINT);
  }

  Connection connection() {
    return lent;
  }

  /** After the handler; fails when the transaction is not the one that was lent, or is broken. */
  void takeBack() throws SQLException {
    try {
      real.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      throw new SQLException(
          "the handler left its transaction broken, or ended it: it must let exceptions of the"
              + " connection through, and must not run COMMIT or ROLLBACK",
          e.getSQLState(),
          e);
    }
  }

  private record Lent(Connection real) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
        throws Throwable {
      boolean endsTransaction =
          switch (method.getName()) {
            case "commit", "abort", "setAutoCommit" -> true;
            case "rollback" -> method.getParameterCount() == 0;
            default -> false;
          };
      if (endsTransaction) {
        throw new SQLException(
            method.getName() + "() is not for handlers: the consumer ends the transaction",
            "25000");
      }
      if (method.getName().equals("close")) {
        return null; // so that libraries may treat it as their own
      }
      try {
        return method.invoke(real, args);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
