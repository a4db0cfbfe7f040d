package dev.jlondiste.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A snapshot of all processes, from Linux's /proc. */
final class ProcessTable {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, on every Linux that Java runs on
  private static final int MAX_TRIES = 50;
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB");
  private static final Pattern OWN = Pattern.compile("(?m)^RssAnon:\\s+(\\d+) kB");

  /**
   * A process.
   *
   * @param reaped CPU seconds of children that have ended, and of theirs
   */
  record Entry(long pid, long parent, double own, double reaped) {}

  private final Map<Long, Entry> entries;

  private ProcessTable(Map<Long, Entry> entries) {
    this.entries = entries;
  }

  /**
   * As {@link #read}, repeated until no process ends in between. Processes are read one after the
   * other, so one that ends in between could count twice or not at all.
   */
  static ProcessTable settled() {
    ProcessTable before = read();
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      ProcessTable after = read();
      if (after.hasReapedAsMuchAs(before)) {
        return after;
      }
      before = after;
    }
    return before;
  }

  private boolean hasReapedAsMuchAs(ProcessTable other) {
    return entries.values().stream()
        .allMatch(
            entry -> {
              Entry then = other.entries.get(entry.pid());
              return then == null || then.reaped() == entry.reaped();
            });
  }

  static ProcessTable read() {
    Map<Long, Entry> entries = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path directory : all) {
        try {
          Entry entry =
              parse(Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1));
          entries.put(entry.pid(), entry);
        } catch (IOException e) {
          // the process has ended
        }
      }
    } catch (IOException e) {
      // not Linux: all values are 0
    }
    return new ProcessTable(entries);
  }

  private static Entry parse(String stat) {
    int name = stat.lastIndexOf(')');
    String[] fields = stat.substring(name + 2).split(" ");
    return new Entry(
        Long.parseLong(stat.substring(0, stat.indexOf(' '))),
        Long.parseLong(fields[1]),
        seconds(fields[11]) + seconds(fields[12]),
        seconds(fields[13]) + seconds(fields[14]));
  }

  private static double seconds(String ticks) {
    return Long.parseLong(ticks) / TICKS_PER_SECOND;
  }

  /** CPU time of the process, its descendants, and those that have ended. */
  double treeCpu(long root) {
    return tree(root).stream()
        .map(entries::get)
        .mapToDouble(entry -> entry.own() + entry.reaped())
        .sum();
  }

  /** CPU time of the process, and of descendants that have ended. */
  double ownCpu(long pid) {
    Entry entry = entries.get(pid);
    return entry == null ? 0 : entry.own() + entry.reaped();
  }

  Set<Long> tree(long root) {
    Set<Long> members = new HashSet<>();
    if (entries.containsKey(root)) {
      members.add(root);
      boolean grows = true;
      while (grows) {
        List<Long> more =
            entries.values().stream()
                .filter(entry -> members.contains(entry.parent()))
                .map(Entry::pid)
                .toList();
        grows = members.addAll(more);
      }
    }
    return members;
  }

  /** Processes whose command contains these words, except children of this JVM. */
  List<Long> mentioning(String words) {
    long self = ProcessHandle.current().pid();
    return entries.values().stream()
        .filter(entry -> entry.parent() != self && entry.pid() != self)
        .map(Entry::pid)
        .filter(pid -> commandLine(pid).contains(words))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Peak resident memory of the process, in bytes. */
  static long peakRss(long pid) {
    return bytes(pid, PEAK);
  }

  /** Current memory of the process without shared memory, in bytes. */
  static long ownRss(long pid) {
    return bytes(pid, OWN);
  }

  private static long bytes(long pid, Pattern pattern) {
    try {
      Matcher line =
          pattern.matcher(
              Files.readString(
                  Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1));
      return line.find() ? Long.parseLong(line.group(1)) * 1024 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
