package dev.jlondiste.db;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A socket that does not wait where it is given a millisecond, but says at once whether there is
 * something to read. That is how the JDBC driver asks whether more has come, after each
 * notification and before it hands it out ({@code PGStream.hasMessagePending}): the worker would
 * hear of each tick that millisecond late, and over a Unix socket eight, as junixsocket takes so
 * long to wait for one.
 *
 * <p>Everything else is done by the socket within, as far as the driver and TLS need it.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket within synchronizes
final class PromptSocket extends Socket {
  private static final int NO_WAIT_MS = 1;

  private final Socket socket;
  private volatile int timeout;

  /** Given a millisecond, and not asked yet. */
  private volatile boolean prompt;

  PromptSocket(Socket socket) {
    this.socket = socket;
  }

  private final class PromptStream extends FilterInputStream {
    PromptStream(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      refuseToWait();
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      refuseToWait();
      return in.read(bytes, from, length);
    }

    /**
     * Once: who asks again has to wait. The driver asks for ever where the connection is encrypted
     * by GSSAPI, and would keep a processor busy.
     */
    private void refuseToWait() throws IOException {
      if (prompt && in.available() == 0) {
        prompt = false;
        socket.setSoTimeout(timeout);
        throw new SocketTimeoutException("nothing to read");
      }
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new PromptStream(socket.getInputStream());
  }

  @Override
  public void setSoTimeout(int milliseconds) throws SocketException {
    timeout = milliseconds;
    prompt = milliseconds == NO_WAIT_MS;
    if (!prompt) {
      socket.setSoTimeout(milliseconds);
    }
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    socket.bind(address);
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    socket.connect(address);
  }

  @Override
  public void connect(SocketAddress address, int milliseconds) throws IOException {
    socket.connect(address, milliseconds);
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return socket.getTcpNoDelay();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    socket.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return socket.getKeepAlive();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    socket.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return socket.getSoLinger();
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    socket.setSendBufferSize(bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return socket.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    socket.setReceiveBufferSize(bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return socket.getReceiveBufferSize();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
