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
 * Gives a handler access to a transaction and verifies afterwards that the transaction is intact.
 * The handler's connection rejects commit and rollback. If the handler ends the transaction with
 * SQL text, or swallows the error that aborted it, releasing the savepoint fails. Without that
 * check the position would be committed without the handler's writes.
 */
final class HandlerTransaction {
  private static final String SAVEPOINT = "jlondiste_handler";

  private final Connection real;
  private final Connection guarded;
  private final Savepoint savepoint;

  HandlerTransaction(Connection real) throws SQLException {
    this.real = real;
    this.guarded =
        (Connection)
            Proxy.newProxyInstance(
                HandlerTransaction.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(real));
    this.savepoint = real.setSavepoint(SAVEPOINT);
  }

  Connection connection() {
    return guarded;
  }

  /** Verifies after the handler's call that the transaction was neither ended nor aborted. */
  void verifyIntact() throws SQLException {
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

  private record GuardedConnection(Connection real) implements InvocationHandler {
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
        return null; // libraries may close it; the consumer still needs it
      }
      try {
        return method.invoke(real, args);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
