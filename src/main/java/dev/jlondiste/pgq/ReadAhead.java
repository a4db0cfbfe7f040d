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
 * Reads a stream in a separate thread, so that the next events are fetched and decoded while the
 * caller processes the previous ones. The memory of prefetched events is bounded. A short batch is
 * read without a thread. {@link #next} must be called by one thread only.
 */
public final class ReadAhead implements AutoCloseable {
  /** For batches of up to this many events a thread costs more than it saves. */
  private static final int SHORT_BATCH = 500;

  private static final int CHUNK_EVENTS = 200;
  private static final int UNIT_BYTES = 1024;

  /** Some events of the stream; the last chunk may carry the failure that ended the stream. */
  private record Chunk(
      List<DecodedEvent> events, int units, boolean last, @Nullable Throwable failure) {}

  private final EventStream stream;
  private final int maxUnits;
  private final Semaphore freeUnits;
  private final BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
  private int read;
  private @Nullable Thread reader;
  private Iterator<DecodedEvent> current = List.<DecodedEvent>of().iterator();
  private int currentUnits;
  private boolean ended;

  /** Prefetches up to {@code maxBytes} of heap, or one event if that is larger. */
  public ReadAhead(EventStream stream, long maxBytes) {
    this.stream = stream;
    this.maxUnits = (int) Math.max(1, Math.min(Integer.MAX_VALUE, maxBytes / UNIT_BYTES));
    this.freeUnits = new Semaphore(maxUnits);
  }

  /** Returns the next event; empty at the end. */
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
      freeUnits.release(currentUnits);
      take(chunks.take());
    }
    return Optional.of(current.next());
  }

  private void take(Chunk chunk) throws SQLException {
    currentUnits = chunk.units();
    current = chunk.events().iterator();
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
        List<DecodedEvent> events = new ArrayList<>(CHUNK_EVENTS);
        long bytes = 0;
        boolean last = false;
        while (!last && events.size() < CHUNK_EVENTS && bytes / UNIT_BYTES < maxUnits / 16 + 1) {
          Optional<DecodedEvent> next = stream.next();
          last = next.isEmpty();
          if (!last) {
            events.add(next.get());
            bytes += next.get().bytes();
          }
        }
        int units = (int) Math.min(maxUnits, bytes / UNIT_BYTES);
        freeUnits.acquire(units);
        chunks.put(new Chunk(events, units, last, null));
        if (last) {
          return;
        }
      }
    } catch (SQLException | RuntimeException | InterruptedException | OutOfMemoryError e) {
      // Passes the failure to the thread that waits for events; after an interrupt none waits.
      chunks.add(new Chunk(List.of(), 0, true, e));
    }
  }

  /**
   * Stops reading and discards the remaining events. If the reader thread waits for the server,
   * only closing the connection stops it. Never throws.
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
