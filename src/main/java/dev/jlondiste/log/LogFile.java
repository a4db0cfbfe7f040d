package dev.jlondiste.log;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is rotated to {@code FILE.1 .. FILE.N} when it exceeds a size. The worker and the
 * admin commands of a node share the file, and logrotate or another process may move it. Before
 * each line this class therefore checks that the path still names the open file; Logback's own
 * appender would continue to write to the moved one. Called under the appender's lock.
 */
final class LogFile implements AutoCloseable {
  private final Path path;
  private final long maxBytes;
  private final int keep;
  private FileChannel channel;
  private @Nullable Object identity;

  /**
   * Opens the file.
   *
   * @param maxBytes maximum size in bytes; 0: the file is not rotated
   * @param keep number of old files to keep; 0: the file is not rotated
   */
  LogFile(Path path, long maxBytes, int keep) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.keep = keep;
    try {
      channel = open();
      identity = identityOfPath();
    } catch (IOException e) {
      throw new UserError(
          "could not open log file " + path + ": " + reason(e),
          "does its directory exist, and may this user write there?",
          e);
    }
  }

  void append(String line) throws IOException {
    if (identity == null || !Objects.equals(identity, identityOfPath())) {
      reopen();
    }
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    if (maxBytes > 0
        && keep > 0
        && channel.size() > 0
        && channel.size() + bytes.length > maxBytes) {
      rotate();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Opens the path again, after the file was moved. */
  void reopen() throws IOException {
    channel.close();
    channel = open();
    identity = identityOfPath();
  }

  private void rotate() throws IOException {
    for (int i = keep - 1; i >= 1; i--) {
      if (Files.exists(old(i))) {
        Files.move(old(i), old(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(path, old(1), StandardCopyOption.REPLACE_EXISTING);
    reopen();
  }

  private Path old(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Null if the file does not exist. */
  private @Nullable Object identityOfPath() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file or directory" : "" + e.getMessage();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
