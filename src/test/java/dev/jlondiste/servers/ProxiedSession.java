package dev.jlondiste.servers;

import dev.jlondiste.servers.StatementScript.Fate;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection through a {@link CuttingProxy}. One thread forwards the messages of the client,
 * another one those of the server.
 */
final class ProxiedSession {
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int CANCEL_REQUEST = 80877102;
  private static final int MAX_TEXT = 200;

  private final Socket client;
  private final Socket server;
  private final StatementScript script;
  private final DataInputStream fromClient;
  private final DataOutputStream toServer;
  private final Map<String, String> prepared = new HashMap<>();
  private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
  private final List<String> texts = new ArrayList<>();
  private boolean isCounted;
  private volatile boolean isLast;

  private ProxiedSession(
      Socket client, Socket server, StatementScript script, DataInputStream fromClient)
      throws IOException {
    this.client = client;
    this.server = server;
    this.script = script;
    this.fromClient = fromClient;
    this.toServer = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
  }

  /** Forwards until one side ends. */
  static void run(Socket client, TestServer server, StatementScript script) {
    try (client;
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(client.getInputStream()))) {
      byte[] startup = startup(client, in);
      try (Socket to = new Socket(InetAddress.getByName(server.host()), server.port())) {
        to.setTcpNoDelay(true);
        new ProxiedSession(client, to, script, in).begin(startup);
      }
    } catch (IOException e) {
      // One side has ended the session, or the server is down: the other side sees the same.
    }
  }

  /** The first message; encryption is refused. */
  private static byte[] startup(Socket client, DataInputStream in) throws IOException {
    while (true) {
      int length = in.readInt();
      byte[] message = new byte[length];
      ByteBuffer.wrap(message).putInt(length);
      in.readFully(message, 4, length - 4);
      int code = ByteBuffer.wrap(message).getInt(4);
      if (code != SSL_REQUEST && code != GSS_REQUEST) {
        return message;
      }
      client.getOutputStream().write('N');
      client.getOutputStream().flush();
    }
  }

  private void begin(byte[] startup) throws IOException {
    if (ByteBuffer.wrap(startup).getInt(4) == CANCEL_REQUEST) {
      if (script.admitCancel(ByteBuffer.wrap(startup).getLong(8))) {
        toServer.write(startup);
        toServer.flush();
        server.getInputStream().read(); // the server closes when it has signalled
      }
      return;
    }
    isCounted =
        new String(startup, StandardCharsets.UTF_8)
            .contains("\0application_name\0" + script.application() + "\0");
    if (isCounted && !script.admit(this)) {
      return;
    }
    try {
      toServer.write(startup);
      toServer.flush();
      CuttingProxy.thread("proxied answers", this::forwardAnswers);
      forwardRequests();
    } finally {
      script.ended(this);
    }
  }

  void close() {
    closeQuietly(client);
    closeQuietly(server);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  private void forwardRequests() throws IOException {
    while (true) {
      int type = fromClient.read();
      if (type < 0) {
        return;
      }
      byte[] body = body(fromClient);
      write(new DataOutputStream(unit), type, body);
      note(type, body);
      boolean isStatement = type == 'Q' || type == 'S';
      boolean isWaiting = "PBDEC".indexOf(type) >= 0;
      Fate fate = isCounted && isStatement ? fate() : Fate.PASS;
      if (fate == Fate.CUT_NOW) {
        close();
        return;
      }
      if (fate == Fate.RUN_TASK) {
        script.runTask();
      }
      if (!isWaiting) {
        unit.writeTo(toServer);
        toServer.flush();
        unit.reset();
      }
      if (fate == Fate.CUT_WHEN_SENT) {
        script.cut();
        return;
      }
    }
  }

  /** Remembers the texts of the statement. */
  private void note(int type, byte[] body) {
    switch (type) {
      case 'Q' -> texts.add(string(body, 0));
      case 'P' -> prepared.put(string(body, 0), string(body, 1));
      case 'B' -> texts.add(prepared.getOrDefault(string(body, 1), "?"));
      default -> {}
    }
  }

  private static String string(byte[] body, int number) {
    return new String(body, StandardCharsets.UTF_8).split("\0", 3)[number];
  }

  /** The end of a statement. */
  private Fate fate() {
    String text = String.join("; ", texts).replaceAll("\\s+", " ").strip();
    texts.clear();
    Fate fate = script.next(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    isLast = fate == Fate.CUT_AFTER_ANSWER;
    return fate;
  }

  private void forwardAnswers() {
    try (server;
        client;
        DataInputStream answers =
            new DataInputStream(new BufferedInputStream(server.getInputStream()))) {
      DataOutputStream toClient =
          new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
      while (true) {
        int type = answers.read();
        if (type < 0) {
          throw new EOFException();
        }
        byte[] body = body(answers);
        if (type == 'K' && isCounted) {
          script.knowCancelKey(ByteBuffer.wrap(body).getLong());
        }
        if (!isLast) {
          write(toClient, type, body);
          if (answers.available() == 0) {
            toClient.flush();
          }
        } else if (type == 'Z' || type == 'G') { // ready for the next statement, or for COPY data
          script.cut();
          return;
        }
      }
    } catch (IOException e) {
      if (isLast) {
        script.cut(); // the server ended before it answered
      }
    }
  }

  private static byte[] body(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return body;
  }

  private static void write(DataOutputStream out, int type, byte[] body) throws IOException {
    out.write(type);
    out.writeInt(body.length + 4);
    out.write(body);
  }
}
