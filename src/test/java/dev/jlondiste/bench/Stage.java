package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The environment of one cell: new databases, a directory, and running programs. */
final class Stage implements AutoCloseable {
  private final Arena arena;
  private final Path directory;
  private final TestDatabase source;
  private final List<TestDatabase> targets = new ArrayList<>();
  private WorkerOptions options = WorkerOptions.DEFAULTS;
  private final List<Program> programs = new ArrayList<>();

  Stage(Arena arena) {
    this.arena = arena;
    this.source = arena.source().createDatabase();
    targets.add(arena.target().createDatabase());
    everywhere("checkpoint"); // so that no timed checkpoint occurs in the next half hour
    try {
      directory = Files.createTempDirectory("jlondiste-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Arena arena() {
    return arena;
  }

  WorkerOptions options() {
    return options;
  }

  /** Sets options for workers that a contender starts later. */
  void setOptions(WorkerOptions options) {
    this.options = options;
  }

  Path directory() {
    return directory;
  }

  TestDatabase source() {
    return source;
  }

  TestDatabase target() {
    return targets.get(0);
  }

  /** Returns this number of targets, creating missing ones. */
  List<TestDatabase> targets(int count) {
    while (targets.size() < count) {
      targets.add(arena.target().createDatabase());
    }
    return List.copyOf(targets);
  }

  List<TestDatabase> targets() {
    return List.copyOf(targets);
  }

  /** Runs SQL on source and targets. */
  void everywhere(String sql) {
    source.execute(sql);
    targets.forEach(target -> target.execute(sql));
  }

  Program start(String name, Map<String, String> environment, List<String> command) {
    Program program = Program.start(directory.resolve(name + ".out"), environment, command);
    programs.add(program);
    return program;
  }

  /** Processes started here, and their daemons. */
  List<Long> daemons(ProcessTable table) {
    Set<Long> pids = new LinkedHashSet<>();
    programs.forEach(program -> pids.add(program.pid()));
    for (long pid : table.mentioning(directory.toString())) {
      if (pids.stream().noneMatch(known -> table.tree(known).contains(pid))) {
        pids.add(pid);
      }
    }
    return List.copyOf(pids);
  }

  /** Programs that have ended unexpectedly, as an explanation of a failed measurement. */
  String problems() {
    List<Program> ended = programs.stream().filter(program -> !program.isRunning()).toList();
    return ended.isEmpty() ? "" : " (" + ended.size() + " of its programs had ended)";
  }

  void stopPrograms() {
    programs.parallelStream().forEach(Program::close);
    programs.clear();
    ProcessTable.read()
        .mentioning(directory.toString())
        .forEach(
            pid ->
                ProcessHandle.of(pid)
                    .ifPresent(
                        left -> {
                          left.destroyForcibly();
                          left.onExit().join();
                        }));
  }

  @Override
  public void close() {
    stopPrograms();
    targets.forEach(TestDatabase::close);
    source.close();
    arena.keepLogs(directory);
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
