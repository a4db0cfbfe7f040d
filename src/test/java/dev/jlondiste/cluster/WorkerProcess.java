package dev.jlondiste.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, so that it can be killed. */
public final class WorkerProcess implements AutoCloseable {
  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /** What it logs goes to the node's directory. */
  public static WorkerProcess of(TestNode node) {
    return of(node, "-Xmx128m");
  }

  /** As {@link #of(TestNode)}, with a heap as {@code -Xmx} has it. */
  public static WorkerProcess of(TestNode node, String heap) {
    try {
      List<String> command = JavaProgram.java(heap, "-Djlondiste.log=INFO");
      command.addAll(List.of(WorkerMain.class.getName(), node.ini().toString()));
      return new WorkerProcess(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(
                      node.ini().resolveSibling(node.name() + ".out").toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it run for a while, then kills it as {@code kill -9} does. */
  public void killAfter(Duration period) throws InterruptedException {
    if (process.waitFor(period.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the worker ended by itself with code " + process.exitValue());
    }
    close();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGKILL and waits for the process to end. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
