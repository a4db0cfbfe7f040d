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
 * A socket that treats a read timeout of 1 ms as a poll: a read without data fails immediately. The
 * JDBC driver sets that timeout to check for further messages after each notification, before it
 * returns the notification ({@code PGStream.hasMessagePending}). A real wait would delay each tick
 * by that millisecond, and over a Unix socket by eight, which is junixsocket's shortest wait.
 *
 * <p>All other methods that the driver and TLS need are delegated.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the delegate synchronizes
final class PromptSocket extends Socket {
  private static final int POLL_TIMEOUT_MS = 1;

  private final Socket socket;
  private volatile int timeout;

  /** The timeout is {@link #POLL_TIMEOUT_MS}, and no read has failed since it was set. */
  private volatile boolean isPolling;

  PromptSocket(Socket socket) {
    this.socket = socket;
  }

  private final class PromptStream extends FilterInputStream {
    PromptStream(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      failIfEmpty();
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      failIfEmpty();
      return in.read(bytes, from, length);
    }

    /**
     * Fails the first read without data; the next one waits for the timeout. With GSSAPI encryption
     * the driver repeats the read indefinitely and would otherwise keep a processor busy.
     */
    private void failIfEmpty() throws IOException {
      if (isPolling && in.available() == 0) {
        isPolling = false;
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
    isPolling = milliseconds == POLL_TIMEOUT_MS;
    if (!isPolling) {
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
