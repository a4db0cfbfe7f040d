package dev.jlondiste.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads garbage collector logs. */
final class HeapLog {
  static final String PREFIX = "heap.";
  private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->(\\d+)M\\((\\d+)M\\)");

  private HeapLog() {}

  /** The peak heap usage of the JVMs that log to this directory, in bytes; 0 if there is no log. */
  static long peak(Path directory) {
    long peak = 0;
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path log : logs) {
        for (String line : Files.readAllLines(log)) {
          Matcher collection = COLLECTION.matcher(line);
          if (collection.find()) {
            peak = Math.max(peak, Long.parseLong(collection.group(1)) << 20);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return peak;
  }
}
