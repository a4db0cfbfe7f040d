package dev.jlondiste.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy in front of test servers that counts the statements of one application and cuts all of
 * its connections at one of them. To the servers that looks like {@code kill -9} of the
 * application: whatever it still does to clean up reaches no server. The connections of other
 * applications pass unchanged.
 *
 * <p>The application is recognized by its {@code application_name}. A statement is what the server
 * answers as one: a simple query, or the messages up to a Sync.
 */
public final class CuttingProxy implements AutoCloseable {
  /** When the connections are cut. */
  public enum Cut {
    /** The statement does not reach its server. */
    BEFORE,
    /** The server has received the statement, and may be running it still. */
    SENT,
    /** The server has answered the statement, and its answer does not arrive. */
    AFTER
  }

  private final StatementScript script;
  private final Map<TestServer, ServerSocket> doors = new ConcurrentHashMap<>();

  public CuttingProxy(String application) {
    script = new StatementScript(application);
  }

  /** The connect string of a database, through this proxy. */
  public String connectString(TestDatabase database) {
    return database
        .connectString()
        .replace(
            "port=" + database.server().port(), "port=" + door(database.server()).getLocalPort());
  }

  /** As {@link #connectString}, of the application whose statements are counted. */
  public String connectStringOfApplication(TestDatabase database) {
    return connectString(database) + " application_name=" + script.application();
  }

  private ServerSocket door(TestServer server) {
    return doors.computeIfAbsent(
        server,
        missing -> {
          try {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            thread("proxy of " + missing.major(), () -> accept(door, missing));
            return door;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void accept(ServerSocket door, TestServer server) {
    try {
      while (!door.isClosed()) {
        Socket client = door.accept();
        client.setTcpNoDelay(true);
        thread("proxied session", () -> ProxiedSession.run(client, server, script));
      }
    } catch (IOException e) {
      if (!door.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets all connections pass again, and counts from 0. */
  public void reset() {
    script.reset(Integer.MAX_VALUE, Cut.BEFORE);
  }

  /** Counts from 0 and cuts at this statement; the first one is number 1. */
  public void cutAt(int statement, Cut cut) {
    script.reset(statement, cut);
  }

  /**
   * Counts from 0, and runs a task when this statement has arrived, before its server receives it.
   * No connection is cut.
   */
  public void runAt(int statement, Runnable task) {
    script.resetForTask(statement, task);
  }

  /** The statements of the application since the last reset, in order. */
  public List<String> statements() {
    return script.statements();
  }

  public boolean hasCut() {
    return script.hasCut();
  }

  @Override
  public void close() {
    try {
      for (ServerSocket door : doors.values()) {
        door.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
