package dev.jlondiste.servers;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a program and a server, counts the requests of the program, and at one of them
 * ends all connections and refuses new ones. For the server that is what {@code kill -9} of the
 * program is; the program itself can only fail.
 */
public final class MortalProxy implements AutoCloseable {
  private static final int ENCRYPTION_REQUEST = 80877103;

  private final ServerSocket listener;
  private final int serverPort;
  private final int last;
  private final boolean delivered;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean dead;

  /**
   * Starts a proxy.
   *
   * @param last the number of the request at which it dies; 0: never
   * @param delivered true if the server still receives that request
   */
  public MortalProxy(int serverPort, int last, boolean delivered) throws IOException {
    this.serverPort = serverPort;
    this.last = last;
    this.delivered = delivered;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The number of requests so far. */
  public int requests() {
    return requests.get();
  }

  public boolean isDead() {
    return dead;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.addAll(List.of(client, server));
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        start(() -> forward(client, server));
        start(() -> back(server, client));
        if (dead) {
          die();
        }
      }
    } catch (IOException e) {
      die();
    }
  }

  private void forward(Socket client, Socket server) {
    try (client;
        server) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
      while (forwardUntyped(in, out) == ENCRYPTION_REQUEST) {}
      for (int type = in.read(); type >= 0; type = in.read()) {
        byte[] body = in.readNBytes(in.readInt() - 4);
        boolean isRequest = type == 'Q' || type == 'S';
        boolean isLast = isRequest && requests.incrementAndGet() == last;
        if (!isLast || delivered) {
          out.writeByte(type);
          out.writeInt(body.length + 4);
          out.write(body);
          out.flush();
        }
        if (isLast) {
          die();
        }
      }
    } catch (IOException e) {
      // one side has closed the connection
    }
  }

  /** Forwards a message of the beginning; returns its code. */
  private static int forwardUntyped(DataInputStream in, DataOutputStream out) throws IOException {
    int length = in.readInt();
    int code = in.readInt();
    out.writeInt(length);
    out.writeInt(code);
    out.write(in.readNBytes(length - 8));
    out.flush();
    return code;
  }

  private static void back(Socket server, Socket client) {
    try (client;
        server) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // one side has closed the connection
    }
  }

  private void die() {
    dead = true;
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    die();
  }
}
