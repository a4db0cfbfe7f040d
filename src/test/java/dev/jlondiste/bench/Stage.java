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

/** What one cell has for itself: fresh databases, a directory, programs that run meanwhile. */
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
    everywhere("checkpoint"); // the next one by time is half an hour away
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

  /** For workers that a contender starts from now on. */
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

  /** That many, made as needed. */
  List<TestDatabase> targets(int count) {
    while (targets.size() < count) {
      targets.add(arena.target().createDatabase());
    }
    return List.copyOf(targets);
  }

  List<TestDatabase> targets() {
    return List.copyOf(targets);
  }

  /** The same on all sides. */
  void everywhere(String sql) {
    source.execute(sql);
    targets.forEach(target -> target.execute(sql));
  }

  Program start(String name, Map<String, String> environment, List<String> command) {
    Program program = Program.start(directory.resolve(name + ".out"), environment, command);
    programs.add(program);
    return program;
  }

  /** Those that were started here, and what they have put into the background. */
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

  /** A program that has ended by itself explains a measurement that failed. */
  String troubles() {
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
