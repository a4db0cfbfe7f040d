package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.CuttingProxy.Cut;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Kills a command at each of its statements (before the statement arrives, while the server may be
 * running it, and after the server has answered it), and lets the same or another command line
 * finish. Each time it first makes the state in which the command begins.
 *
 * <p>A random choice of the statements is tried: {@code -Djlondiste.kills=50} for more of them,
 * {@code -Djlondiste.kills=all} for all, {@code -Djlondiste.kills=all:AFTER} for all at one moment,
 * {@code -Djlondiste.kills=17:AFTER} for one. {@code -Djlondiste.kills.part=2/3} tries the second
 * of three parts of these, for several runs at a time.
 */
final class KilledCommand {
  private static final int DEFAULT_KILLS = 2;
  private static final long WAIT_MILLIS = 20;
  private static final int WAITS_BEFORE_INTERRUPT = 25;

  private final ProxiedCluster cluster;
  private final TestNode operator;
  private final String[] words;
  private String[] wordsAfterwards;
  private String firstStatement = "";
  private Runnable before = () -> {};
  private Runnable whenKilled = () -> {};
  private Runnable afterwards = () -> {};
  private Predicate<Outcome> isGood = outcome -> outcome.code() == 0;

  /** The operator is one of {@link ProxiedCluster#operator}. */
  KilledCommand(ProxiedCluster cluster, TestNode operator, String... words) {
    this.cluster = cluster;
    this.operator = operator;
    this.words = words;
    this.wordsAfterwards = words;
  }

  /** Makes the state in which the command begins; runs before each kill. */
  KilledCommand before(Runnable task) {
    before = task;
    return this;
  }

  /** Kills only from the first statement on that contains this text; earlier ones only read. */
  KilledCommand from(String text) {
    firstStatement = text;
    return this;
  }

  /** What holds at the moment of each kill. */
  KilledCommand whenKilled(Runnable check) {
    whenKilled = check;
    return this;
  }

  /** Another command line that follows the killed one. */
  KilledCommand thenRuns(String... line) {
    wordsAfterwards = line;
    return this;
  }

  /** How the command that follows may end, if not only with exit code 0. */
  KilledCommand whichMayEnd(Predicate<Outcome> good) {
    isGood = good;
    return this;
  }

  /** What holds when the command that follows has ended. */
  KilledCommand afterwards(Runnable check) {
    afterwards = check;
    return this;
  }

  private record Kill(int statement, Cut cut) {
    /** {@code choice} is {@code all:} and the moment. */
    boolean isAt(String choice) {
      return choice.equals("all:" + cut);
    }

    static Kill parse(String text) {
      String[] parts = text.split(":", 2);
      return new Kill(Integer.parseInt(parts[0]), Cut.valueOf(parts[1]));
    }
  }

  void run() {
    before.run();
    cluster.proxy().reset();
    Outcome whole = CommandLine.run(operator, words);
    assertThat(whole.code()).as("%s%n%s", String.join(" ", words), whole.log()).isZero();
    List<String> statements = cluster.proxy().statements();
    Choice choice = Choice.of(first(statements), statements.size());
    int killed = 0;
    for (Kill kill : choice.kills()) {
      killed += killed < choice.wanted() && killAt(kill, statements) ? 1 : 0;
    }
    System.out.printf(
        "KilledCommand: %s: %d statements, killed %d times%n",
        String.join(" ", words), statements.size(), killed);
    assertThat(killed).isPositive();
  }

  /** The number of the first statement at which the command may be killed. */
  private int first(List<String> statements) {
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i).contains(firstStatement)) {
        return i + 1;
      }
    }
    throw new AssertionError("no statement contains '" + firstStatement + "': " + statements);
  }

  /**
   * The kills to try.
   *
   * @param wanted how many have to be reached; those after them are not tried
   */
  private record Choice(List<Kill> kills, int wanted) {
    static Choice of(int first, int last) {
      List<Kill> all =
          new ArrayList<>(
              IntStream.rangeClosed(first, last)
                  .boxed()
                  .flatMap(k -> Stream.of(Cut.values()).map(cut -> new Kill(k, cut)))
                  .toList());
      String choice = System.getProperty("jlondiste.kills", "");
      if (choice.startsWith("all")) {
        return all(
            part(all.stream().filter(kill -> choice.equals("all") || kill.isAt(choice)).toList()));
      }
      if (choice.contains(":")) {
        return all(List.of(Kill.parse(choice)));
      }
      Collections.shuffle(all, new Random(Long.getLong("jlondiste.seed", System.nanoTime())));
      return new Choice(all, choice.isEmpty() ? DEFAULT_KILLS : Integer.parseInt(choice));
    }

    private static Choice all(List<Kill> kills) {
      return new Choice(kills, kills.size());
    }

    private static List<Kill> part(List<Kill> all) {
      String[] part = System.getProperty("jlondiste.kills.part", "1/1").split("/", 2);
      int number = Integer.parseInt(part[0]);
      int parts = Integer.parseInt(part[1]);
      return IntStream.range(0, all.size())
          .filter(i -> i % parts == number - 1)
          .mapToObj(all::get)
          .toList();
    }
  }

  /** Returns false if the command ended before that statement: its waits are not always as long. */
  private boolean killAt(Kill kill, List<String> whole) {
    StringBuilder story = new StringBuilder();
    try {
      before.run();
      cluster.proxy().cutAt(kill.statement(), kill.cut());
      Outcome first = runUntilCut();
      List<String> sent = cluster.proxy().statements();
      story.append(first.out()).append(first.log());
      boolean hasCut = cluster.proxy().hasCut();
      if (hasCut) {
        story.append("-- killed ").append(kill.cut()).append(' ').append(sent.get(sent.size() - 1));
        if (kill.cut() != Cut.SENT) {
          cluster.awaitNoSessions();
        }
        whenKilled.run();
        cluster.proxy().reset();
        Outcome second = CommandLine.run(operator, wordsAfterwards);
        story.append('\n').append(second.out()).append(second.log());
        assertThat(isGood.test(second)).as("exit code %d", second.code()).isTrue();
      } else {
        assertThat(first.code()).isZero();
      }
      afterwards.run();
      return hasCut;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "-Djlondiste.kills=%d:%s of %d: %s%n%s%n%s"
              .formatted(
                  kill.statement(),
                  kill.cut(),
                  whole.size(),
                  String.join(" ", words),
                  story,
                  e.getMessage()),
          e);
    }
  }

  /** A killed command in this JVM must also stop waiting. */
  private Outcome runUntilCut() {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread command =
        new Thread(
            () -> {
              try {
                outcome.complete(CommandLine.run(operator, words));
              } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              }
            },
            "killed command");
    command.start();
    try {
      for (int waited = 0; command.isAlive(); command.join(WAIT_MILLIS)) {
        if (cluster.proxy().hasCut() && ++waited > WAITS_BEFORE_INTERRUPT) {
          command.interrupt();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return outcome.join();
  }
}
