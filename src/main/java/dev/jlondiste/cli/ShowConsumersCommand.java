package dev.jlondiste.cli;

import dev.jlondiste.admin.status.ConsumerStatus;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "show-consumers",
    description = "list the consumers of the local node's queue, and its own worker")
final class ShowConsumersCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    String node = session.cascade().node().name();
    TablePrinter.print(
        session.out(),
        "Consumers on " + node + "@" + session.cascade().queue() + ":",
        List.of("consumer_name", "provider", "last_tick", "lag", "paused", "error"),
        ConsumerStatus.list(session.cascade()).stream().map(ShowConsumersCommand::row).toList());
    return ExitCode.DONE;
  }

  private static List<String> row(ConsumerStatus consumer) {
    return List.of(
        consumer.name(),
        consumer.provider(),
        String.valueOf(consumer.lastTick()),
        LagFormat.of(consumer.lag()),
        consumer.paused().map(paused -> paused ? "True" : "False").orElse(""),
        consumer.error().flatMap(text -> text.lines().findFirst()).orElse(""));
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
