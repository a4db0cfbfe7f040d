package dev.jlondiste.servers;

import dev.jlondiste.demo.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Servers whose programs come from Maven Central, which is the default. */
final class EmbeddedTestServer implements TestServer {
  private final EmbeddedServer server;

  EmbeddedTestServer(String major, String... settings) {
    try {
      server =
          EmbeddedServer.start(
              major,
              Path.of(System.getProperty("jlondiste.postgres.dir", "target/postgres")),
              settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }

  private EmbeddedTestServer(EmbeddedServer server) {
    this.server = server;
  }

  /** A server with installed programs; {@code programs} contains {@code bin/postgres}. */
  static EmbeddedTestServer ofInstalled(String major, Path programs, String... settings) {
    try {
      return new EmbeddedTestServer(EmbeddedServer.startInstalled(major, programs, settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }

  @Override
  public String major() {
    return server.major();
  }

  @Override
  public String host() {
    return server.host();
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public String jdbcUrl(String database) {
    return server.jdbcUrl(database);
  }

  @Override
  public String connectString(String database) {
    return server.connectString(database);
  }

  @Override
  public void stop() {
    server.stop();
  }

  @Override
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }

  @Override
  public TestServer startStandby() {
    try {
      return new EmbeddedTestServer(server.startStandby());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }

  @Override
  public void promote() {
    try {
      server.promote();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
