package dev.jlondiste.pgq.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Data sources that simulate network failures. */
final class TroubledDataSource {
  /** An action before a connection is returned. */
  interface Before {
    void connection() throws InterruptedException;
  }

  private TroubledDataSource() {}

  /** Runs {@code before} for every connection. */
  static DataSource holdingUp(DataSource real, Before before) {
    return dataSource(
        real,
        connection -> {
          try {
            before.connection();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return connection;
        });
  }

  /** Loses the connection after one of this many commits, before the reply arrives. */
  static DataSource losingReplies(DataSource real, int oneOf, AtomicInteger lost) {
    AtomicInteger commits = new AtomicInteger();
    return dataSource(
        real,
        connection ->
            (Connection)
                Proxy.newProxyInstance(
                    TroubledDataSource.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, args) -> {
                      Object result = call(() -> method.invoke(connection, args));
                      if (method.getName().equals("commit")
                          && commits.incrementAndGet() % oneOf == 0) {
                        lost.incrementAndGet();
                        connection.close();
                        throw new SQLException("the reply to a commit was lost", "08006");
                      }
                      return result;
                    }));
  }

  private interface Wrapping {
    Connection wrap(Connection connection) throws SQLException;
  }

  private interface Call {
    Object run() throws ReflectiveOperationException;
  }

  private static DataSource dataSource(DataSource real, Wrapping wrapping) {
    return (DataSource)
        Proxy.newProxyInstance(
            TroubledDataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              Object result = call(() -> method.invoke(real, args));
              return result instanceof Connection connection ? wrapping.wrap(connection) : result;
            });
  }

  private static Object call(Call call) throws Throwable {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
