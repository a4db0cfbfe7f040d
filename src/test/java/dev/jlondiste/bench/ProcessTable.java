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

/** What Linux knows of all processes at a moment. */
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
   * As {@link #read}, at a moment when nobody ended: one process is read after the other, and one
   * that ends between its own turn and its parent's would count twice, or not at all.
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
          // it has ended meanwhile
        }
      }
    } catch (IOException e) {
      // no such system: everything counts as nothing
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

  /** The process, its descendants that live, and all that have ended. */
  double treeCpu(long root) {
    return tree(root).stream()
        .map(entries::get)
        .mapToDouble(entry -> entry.own() + entry.reaped())
        .sum();
  }

  /** Without descendants that live. */
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

  /** Processes with these words in their command, except children of this JVM. */
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

  /** The most memory that the process ever had at a time, in bytes. */
  static long peakRss(long pid) {
    return bytes(pid, PEAK);
  }

  /** Memory that it has at present and shares with nobody, in bytes. */
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
