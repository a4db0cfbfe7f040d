package dev.jlondiste.db;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP sockets with keepalive probes at short intervals. With the system's default a worker would
 * wait two hours for a provider that lost power. Public because the JDBC driver instantiates it by
 * name with one argument.
 */
public final class KeepAliveSockets extends DriverSockets {
  private final int idle;
  private final int interval;
  private final int count;

  /** {@code IDLE,INTERVAL,COUNT}: seconds, seconds, probes. */
  public KeepAliveSockets(String argument) {
    String[] numbers = argument.split(",", -1);
    idle = Integer.parseInt(numbers[0]);
    interval = Integer.parseInt(numbers[1]);
    count = Integer.parseInt(numbers[2]);
  }

  @Override
  Socket newSocket() throws IOException {
    Socket socket = new Socket();
    socket.setKeepAlive(true);
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, idle);
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, interval);
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
    return socket;
  }

  /** Zero keeps the system's default, as in libpq; not every system supports these options. */
  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (value > 0 && socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }
}
