package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server that ends after a number of statements: for the databases this is what a
 * command does that is killed there. All its sessions end, and no further one begins.
 */
final class CutOff implements AutoCloseable {
  private final TestServer server;
  private final ServerSocket entrance;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger statements = new AtomicInteger();
  private volatile String first = "";
  private volatile boolean counting;
  private volatile int limit = Integer.MAX_VALUE;

  CutOff(TestServer server) throws IOException {
    this.server = server;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /**
   * Ends the way after this number of statements, the last of which still reaches the server.
   * Counts from the first one that contains {@code text}.
   */
  void after(int number, String text) {
    statements.set(0);
    counting = false;
    first = text;
    limit = number;
  }

  /** Opens the way again, without a limit. */
  void open() {
    after(Integer.MAX_VALUE, "");
  }

  boolean isCut() {
    return statements.get() >= limit;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entrance.accept();
      if (isCut()) {
        client.close();
        continue;
      }
      Socket there = new Socket(server.host(), server.port());
      client.setTcpNoDelay(true);
      there.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(there);
      start(() -> forward(client, there, true));
      start(() -> forward(there, client, false));
    }
  }

  private void forward(Socket from, Socket to, boolean isRequest) throws IOException {
    byte[] buffer = new byte[65536];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (isCut()) {
          return;
        }
        out.write(buffer, 0, n);
        if (isRequest && isStatement(buffer, n) && statements.incrementAndGet() >= limit) {
          cut();
          return;
        }
      }
    }
  }

  private boolean isStatement(byte[] buffer, int length) {
    if (!counting && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(first)) {
      counting = true;
    }
    return counting && (buffer[0] == 'P' || buffer[0] == 'Q' || buffer[0] == 'B');
  }

  private void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // closed
              }
            },
            "cut-off");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      entrance.close();
      cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
