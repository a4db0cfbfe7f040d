package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromptSocketTest {
  /** Records its calls; a read without data would wait. */
  private static final class Within extends Socket {
    final List<String> asked = new ArrayList<>();
    private byte[] there = {};

    @Override
    public synchronized void setSoTimeout(int milliseconds) throws SocketException {
      asked.add("timeout " + milliseconds);
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        private final InputStream bytes = new ByteArrayInputStream(there);

        @Override
        public int read() throws IOException {
          asked.add("read");
          return bytes.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          asked.add("read " + length);
          return bytes.read(into, from, length);
        }

        @Override
        public int available() throws IOException {
          return bytes.available();
        }
      };
    }
  }

  private final Within within = new Within();
  private final PromptSocket socket = new PromptSocket(within);

  @Test
  void does_not_wait_a_millisecond() throws IOException {
    InputStream stream = socket.getInputStream();
    for (int i = 0; i < 2; i++) {
      socket.setSoTimeout(1);
      assertThat(socket.getSoTimeout()).isOne();
      assertThatThrownBy(() -> stream.read(new byte[8])).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(within.asked).doesNotContain("read 8");
  }

  @Test
  void a_repeated_read_waits() throws IOException {
    InputStream stream = socket.getInputStream();
    socket.setSoTimeout(1);
    assertThatThrownBy(stream::read).isInstanceOf(SocketTimeoutException.class);
    stream.read();
    assertThat(within.asked).containsExactly("timeout 1", "read");
  }

  @Test
  void reads_available_data_immediately() throws IOException {
    within.there = new byte[] {'A', 'B'};
    InputStream stream = socket.getInputStream();
    socket.setSoTimeout(1);
    assertThat(stream.read()).isEqualTo('A');
    assertThat(stream.read(new byte[8])).isOne();
    assertThatThrownBy(stream::read).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void other_timeouts_are_honoured() throws IOException {
    InputStream stream = socket.getInputStream();
    for (int milliseconds : new int[] {500, 1, 0}) {
      socket.setSoTimeout(milliseconds);
      assertThat(socket.getSoTimeout()).isEqualTo(milliseconds);
    }
    assertThat(stream.read()).as("as if the peer had closed").isEqualTo(-1);
    assertThat(within.asked).containsExactly("timeout 500", "timeout 0", "read");
  }
}
