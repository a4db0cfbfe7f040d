package dev.jlondiste.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Creates sockets for the JDBC driver, which calls only the method without parameters. */
abstract class DriverSockets extends SocketFactory {
  /** Returns a socket that is not yet connected. */
  abstract Socket newSocket() throws IOException;

  @Override
  public final Socket createSocket() throws IOException {
    return new PromptSocket(newSocket());
  }

  @Override
  public final Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }
}
