package dev.jlondiste.db;

import java.io.IOException;
import java.net.Socket;
import org.newsclub.net.unix.AFUNIXSocketFactory;

/** Unix sockets. Public because the JDBC driver instantiates it by name with one argument. */
public final class LocalSockets extends DriverSockets {
  private final String path;

  /** The socket's path. */
  public LocalSockets(String path) {
    this.path = path;
  }

  @Override
  Socket newSocket() throws IOException {
    return new AFUNIXSocketFactory.FactoryArg(path).createSocket();
  }
}
