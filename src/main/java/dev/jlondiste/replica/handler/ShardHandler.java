package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies the changes of the rows that belong to the shard of this database. */
final class ShardHandler extends RowHandler {
  private static final String DISABLE_REPLAY = "disable_replay";

  private final ShardFilter filter;
  private final boolean replays;

  private ShardHandler(HandlerContext context) {
    super(context);
    this.filter = new ShardFilter(context);
    this.replays = !context.flag(DISABLE_REPLAY);
  }

  @Override
  boolean hasRowsOfSource() {
    return true;
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    List<String> arguments = new ArrayList<>(filter.triggerArguments(local, place));
    if (!replays && !place.root()) {
      arguments.add(place.tableExists() ? "expect_sync" : VirtualHandler.VIRTUAL_TABLE);
    }
    return arguments;
  }

  @Override
  public Optional<String> copyCondition(Connection local) throws SQLException {
    return Optional.of(filter.condition(local));
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    filter.begin(batch);
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    if (replays) {
      Optional<DecodedEvent> change = filter.applicable(event);
      if (change.isPresent()) {
        applier().apply(change.get(), destination());
      }
    }
  }

  @Override
  public void deletePartition(Event event) throws SQLException {
    if (replays) {
      super.deletePartition(event);
    }
  }

  @Override
  public void truncate(Event event) throws SQLException {
    if (replays) {
      super.truncate(event);
    }
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return filter.passOn(event);
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
                "shard",
                "Keeps the rows whose hash belongs to this database.",
                """
                For databases that are split by a hash, as PL/Proxy does. Give it on the root, where
                it makes the trigger write hashes, and on each node that has a part of the rows. The
                function in shard_hash_func computes the hash, shard_info_sql returns the number of
                this shard, the mask and the count of shards. A row whose hash is changed by an UPDATE
                moves to its new shard. A branch passes on only the events of its own rows.\
                """,
                arguments())
            .withAliases("part");

    private static List<HandlerArgument> arguments() {
      List<HandlerArgument> all = new ArrayList<>(ShardFilter.ARGUMENTS);
      all.add(
          HandlerArgument.choice(
              DISABLE_REPLAY,
              List.of("0", "1"),
              "1: copy and apply nothing, only pass events on; needs no table"));
      all.add(IgnoreTruncate.ARGUMENT);
      all.add(EncodingRepair.ARGUMENT);
      return all;
    }

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return EncodingRepair.around(new ShardHandler(context), context);
    }

    @Override
    public boolean needsTable(Map<String, String> arguments) {
      return !"1".equals(arguments.get(DISABLE_REPLAY));
    }

    @Override
    public void check(Map<String, String> arguments) {
      ShardFilter.check(DESCRIPTION, arguments);
    }
  }
}
