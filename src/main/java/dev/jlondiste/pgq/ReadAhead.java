package dev.jlondiste.pgq;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a thread of its own, so that the next events are fetched and decoded while
 * these are written. What waits is bounded in bytes. A short batch is read without a thread. {@link
 * #next} is for one thread.
 */
public final class ReadAhead implements AutoCloseable {
  /** Batches up to this many events are not worth a thread. */
  private static final int SHORT_BATCH = 500;

  private static final int CHUNK_EVENTS = 200;
  private static final int UNIT_BYTES = 1024;

  /** Some events, or the end of the stream, for which there may be a reason. */
  private record Chunk(
      List<DecodedEvent> arrivals, int units, boolean last, @Nullable Throwable failure) {}

  private final EventStream stream;
  private final int mostUnits;
  private final Semaphore room;
  private final BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
  private int read;
  private @Nullable Thread reader;
  private Iterator<DecodedEvent> current = List.<DecodedEvent>of().iterator();
  private int currentUnits;
  private boolean ended;

  /** {@code maxBytes} of heap may wait, or one event when that is larger. */
  public ReadAhead(EventStream stream, long maxBytes) {
    this.stream = stream;
    this.mostUnits = (int) Math.max(1, Math.min(Integer.MAX_VALUE, maxBytes / UNIT_BYTES));
    this.room = new Semaphore(mostUnits);
  }

  /** The next event; empty at the end. */
  public Optional<DecodedEvent> next() throws SQLException, InterruptedException {
    if (reader == null) {
      if (++read <= SHORT_BATCH) {
        return stream.next();
      }
      reader = new Thread(this::readAll, Thread.currentThread().getName() + "-reader");
      reader.setDaemon(true);
      reader.start();
    }
    while (!current.hasNext()) {
      if (ended) {
        return Optional.empty();
      }
      room.release(currentUnits);
      take(chunks.take());
    }
    return Optional.of(current.next());
  }

  private void take(Chunk chunk) throws SQLException {
    currentUnits = chunk.units();
    current = chunk.arrivals().iterator();
    ended = chunk.last();
    if (chunk.failure() instanceof SQLException e) {
      throw e;
    }
    if (chunk.failure() instanceof Error e) {
      throw e;
    }
    if (chunk.failure() != null) {
      throw new IllegalStateException("reading ahead failed", chunk.failure());
    }
  }

  private void readAll() {
    try {
      while (true) {
        List<DecodedEvent> arrivals = new ArrayList<>(CHUNK_EVENTS);
        long bytes = 0;
        boolean last = false;
        while (!last && arrivals.size() < CHUNK_EVENTS && bytes / UNIT_BYTES < mostUnits / 16 + 1) {
          Optional<DecodedEvent> next = stream.next();
          last = next.isEmpty();
          if (!last) {
            arrivals.add(next.get());
            bytes += next.get().bytes();
          }
        }
        int units = (int) Math.min(mostUnits, bytes / UNIT_BYTES);
        room.acquire(units);
        chunks.put(new Chunk(arrivals, units, last, null));
        if (last) {
          return;
        }
      }
    } catch (SQLException | RuntimeException | InterruptedException | OutOfMemoryError e) {
      // The thread that waits for events has to know; none does after an interrupt.
      chunks.add(new Chunk(List.of(), 0, true, e));
    }
  }

  /**
   * Ends the reading, also of what was not read. The reading thread may wait for the server, which
   * only the end of the connection ends. Never throws.
   */
  @Override
  public void close() {
    Thread running = reader;
    if (running != null && running.isAlive() && !ended) {
      running.interrupt();
      stream.cut();
      boolean interrupted = false;
      while (running.isAlive()) {
        try {
          running.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    stream.close();
  }
}
