package dev.jlondiste.cli;

import dev.jlondiste.admin.topology.NodeCreation;
import dev.jlondiste.admin.topology.NodeRequest;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The common part of the three commands that create a node. */
abstract class CreateCommand implements NodeCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "[NAME [PUBLIC_CONNSTR]]",
      description =
          "node name, and connect string by which other nodes reach it; default: node_name and"
              + " public_node_location of the ini file")
  private List<String> arguments = new ArrayList<>();

  @Option(names = "--worker", paramLabel = "NAME", description = "consumer name; default: job_name")
  private @Nullable String worker;

  @Option(
      names = "--nocheck",
      description = "do not test that db and CONNSTR lead to the same database")
  private boolean nocheck;

  private final NodeType type;

  CreateCommand(NodeType type) {
    this.type = type;
  }

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    NodeSettings settings = session.settings();
    if (arguments.size() > 2) {
      throw new UserError("Too many args, only node name and public connect string allowed", null);
    }
    String name =
        argument(0)
            .or(settings::nodeName)
            .orElseThrow(
                () ->
                    new UserError(
                        "Node name must be given either in command line or config",
                        "set node_name in the ini file, or give the name after the command"));
    ConnectionString location =
        argument(1)
            .map(ConnectionString::parse)
            .or(settings::publicNodeLocation)
            .orElseThrow(
                () ->
                    new UserError(
                        "Node public location must be given either in command line or config",
                        "set public_node_location in the ini file, or give it after the name"));
    new NodeCreation(session.cascade())
        .create(
            new NodeRequest(
                type,
                name,
                location,
                worker == null ? settings.consumerName() : worker,
                provider(settings),
                combinedQueue(),
                syncWatermark(),
                !nocheck));
    return ExitCode.DONE;
  }

  private Optional<String> argument(int index) {
    return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
  }

  Optional<ConnectionString> provider(NodeSettings settings) {
    return Optional.empty();
  }

  Optional<String> combinedQueue() {
    return Optional.empty();
  }

  Optional<String> syncWatermark() {
    return Optional.empty();
  }

  @Command(name = "create-root", description = "create the root of a cascade in this database")
  static final class Root extends CreateCommand {
    @Option(names = "--provider", paramLabel = "CONNSTR", hidden = true)
    private @Nullable String provider;

    Root() {
      super(NodeType.ROOT);
    }

    @Override
    Optional<ConnectionString> provider(NodeSettings settings) {
      if (provider != null) {
        throw new UserError(
            "a root has no provider", "leave out --provider, or use create-branch or create-leaf");
      }
      return Optional.empty();
    }
  }

  /** The common part of the commands that create a node with a provider. */
  abstract static class Below extends CreateCommand {
    @Option(
        names = "--provider",
        paramLabel = "CONNSTR",
        description = "connect string of the provider")
    private @Nullable String provider;

    Below(NodeType type) {
      super(type);
    }

    @Override
    Optional<ConnectionString> provider(NodeSettings settings) {
      return Optional.ofNullable(provider)
          .map(ConnectionString::parse)
          .or(settings::initialProviderLocation);
    }
  }

  @Command(
      name = "create-branch",
      description = "create a node in this database that can also be a provider")
  static final class Branch extends Below {
    @Option(
        names = "--sync-watermark",
        paramLabel = "NODES",
        description =
            "comma-separated nodes that keep one global watermark with the nodes below this one")
    private @Nullable String syncWatermark;

    Branch() {
      super(NodeType.BRANCH);
    }

    @Override
    Optional<String> syncWatermark() {
      return Optional.ofNullable(syncWatermark);
    }
  }

  @Command(name = "create-leaf", description = "create a node in this database that only receives")
  static final class Leaf extends Below {
    @Option(
        names = "--merge",
        paramLabel = "QUEUE",
        description = "combined queue, in the same database, that this leaf feeds")
    private @Nullable String merge;

    Leaf() {
      super(NodeType.LEAF);
    }

    @Override
    Optional<String> combinedQueue() {
      return Optional.ofNullable(merge);
    }
  }
}
