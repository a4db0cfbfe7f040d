package dev.jlondiste.admin.resurrection;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of lost events: a JSON array with one event per line. It is written under another name
 * and gets its own when the events have been deleted: a file with this name is complete, and is the
 * only copy.
 */
final class LostEventsFile {
  private static final String NAME = "resurrect-lost-events.json";

  /** Makes the codec of events read any flat JSON object. */
  private static final String ANY_ROW = "{\"op\":\"INSERT\",\"pkey\":[]}";

  private final Path path;
  private final Path temporary;

  private LostEventsFile(Path path) {
    this.path = path;
    this.temporary = path.resolveSibling(path.getFileName() + ".tmp");
  }

  static LostEventsFile in(Path directory) {
    return at(directory.toAbsolutePath().resolve(NAME));
  }

  static LostEventsFile at(Path path) {
    return new LostEventsFile(path);
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Receives events one by one. */
  @FunctionalInterface
  interface Sink {
    void accept(LostEvent event) throws IOException;
  }

  /** Writes the temporary file. */
  final class Writer implements AutoCloseable {
    private final FileChannel channel;
    private final BufferedWriter out;
    private boolean hasEvents;

    private Writer() throws IOException {
      channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
      out.write("[\n");
    }

    void write(LostEvent event) throws IOException {
      out.write(hasEvents ? ",\n" : "");
      out.write(json(event));
      hasEvents = true;
    }

    /** The file is complete, and on disk. */
    void complete() throws IOException {
      out.write(hasEvents ? "\n]\n" : "]\n");
      out.flush();
      channel.force(true);
      forceDirectory();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  Writer create() throws IOException {
    return new Writer();
  }

  /** Gives the temporary file its name; does nothing if that was done before. */
  void publish() throws IOException {
    if (Files.exists(temporary) && !exists()) {
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      forceDirectory();
    }
  }

  private void forceDirectory() throws IOException {
    Path directory = Objects.requireNonNull(path.getParent());
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Passes all events to the sink, in the order of the file. */
  void forEach(Sink sink) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(path)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("{")) {
          sink.accept(parse(line));
        }
      }
    }
  }

  /** Passes all events to the sink, the last one first; one event at a time is in memory. */
  void forEachBackwards(Sink sink) throws IOException {
    List<Long> starts = new ArrayList<>();
    long position = 0;
    try (BufferedReader in = Files.newBufferedReader(path)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("{")) {
          starts.add(position);
        }
        position += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      for (int i = starts.size() - 1; i >= 0; i--) {
        long end = i + 1 < starts.size() ? starts.get(i + 1) : position;
        byte[] line = new byte[Math.toIntExact(end - starts.get(i))];
        file.seek(starts.get(i));
        file.readFully(line);
        String text = new String(line, StandardCharsets.UTF_8);
        sink.accept(parse(text.substring(0, text.indexOf('\n'))));
      }
    }
  }

  private LostEvent parse(String line) {
    String object = line.endsWith(",") ? line.substring(0, line.length() - 1) : line;
    try {
      Map<String, @Nullable String> fields =
          RowChangeReader.read(new Event(0, "", 0, null, ANY_ROW, object, null, null, null, null))
              .columns();
      String retry = fields.get("ev_retry");
      Event event =
          new Event(
              Long.parseLong(required(fields, "ev_id")),
              required(fields, "ev_time"),
              Long.parseLong(required(fields, "ev_txid")),
              retry == null ? null : Integer.valueOf(retry),
              required(fields, "ev_type"),
              fields.get("ev_data"),
              fields.get("ev_extra1"),
              fields.get("ev_extra2"),
              fields.get("ev_extra3"),
              fields.get("ev_extra4"));
      return new LostEvent(
          event,
          Optional.ofNullable(fields.get("tick_id")).map(Long::valueOf).orElse(null),
          Long.parseLong(required(fields, "prev_tick_id")));
    } catch (RuntimeException e) {
      throw new UserError(path + ": cannot be read: " + e.getMessage(), "was it edited?", e);
    }
  }

  private static String required(Map<String, @Nullable String> fields, String name) {
    return Optional.ofNullable(fields.get(name))
        .orElseThrow(() -> new IllegalArgumentException("an event without " + name));
  }

  private static String json(LostEvent lost) {
    Event event = lost.event();
    StringBuilder json = new StringBuilder("{");
    number(json, "ev_id", event.id());
    text(json, "ev_type", event.type());
    text(json, "ev_data", event.data());
    text(json, "ev_extra1", event.extra1());
    text(json, "ev_extra2", event.extra2());
    text(json, "ev_extra3", event.extra3());
    text(json, "ev_extra4", event.extra4());
    text(json, "ev_time", event.time());
    number(json, "ev_txid", event.txid());
    number(json, "ev_retry", event.retry());
    number(json, "tick_id", lost.tick());
    number(json, "prev_tick_id", lost.previousTick());
    return json.append('}').toString();
  }

  private static void number(StringBuilder json, String name, @Nullable Number value) {
    name(json, name);
    json.append(value);
  }

  private static void text(StringBuilder json, String name, @Nullable String value) {
    name(json, name);
    if (value == null) {
      json.append("null");
      return;
    }
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  private static void name(StringBuilder json, String name) {
    json.append(json.length() == 1 ? "" : ", ").append('"').append(name).append("\": ");
  }
}
