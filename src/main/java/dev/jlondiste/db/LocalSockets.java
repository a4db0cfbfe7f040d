package dev.jlondiste.db;

import java.io.IOException;
import java.net.Socket;
import org.newsclub.net.unix.AFUNIXSocketFactory;

/** Unix sockets. Made by the JDBC driver from its name and one argument, therefore public. */
public final class LocalSockets extends DriverSockets {
  private final String path;

  /** The socket's path. */
  public LocalSockets(String path) {
    this.path = path;
  }

  @Override
  Socket make() throws IOException {
    return new AFUNIXSocketFactory.FactoryArg(path).createSocket();
  }
}
