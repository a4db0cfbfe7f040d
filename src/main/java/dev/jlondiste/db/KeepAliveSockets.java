package dev.jlondiste.db;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP sockets whose peer is asked in short intervals whether it is still there. With the system's
 * default of two hours a worker would wait that long for a provider that lost its power. Made by
 * the JDBC driver from its name and one argument, therefore public.
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
  Socket make() throws IOException {
    Socket socket = new Socket();
    socket.setKeepAlive(true);
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, idle);
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, interval);
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
    return socket;
  }

  /** Zero is the system's default, as in libpq; not every system lets it be changed. */
  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (value > 0 && socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }
}
