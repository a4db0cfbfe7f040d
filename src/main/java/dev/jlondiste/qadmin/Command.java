package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.SettingChange;
import dev.jlondiste.db.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be typed. A queue that is left out is the default queue. */
sealed interface Command {
  void runBy(Performer performer) throws SQLException;

  /** Whoever does it; a new kind of command does not compile until somebody does. */
  interface Performer {
    void perform(Connect command) throws SQLException;

    void perform(Install command) throws SQLException;

    void perform(CreateQueue command) throws SQLException;

    void perform(DropQueue command) throws SQLException;

    void perform(AlterQueue command) throws SQLException;

    void perform(Register command) throws SQLException;

    void perform(Unregister command) throws SQLException;

    void perform(RegisterSubconsumer command) throws SQLException;

    void perform(UnregisterSubconsumer command) throws SQLException;

    void perform(ShowQueue command) throws SQLException;

    void perform(ShowConsumer command) throws SQLException;

    void perform(ShowNode command) throws SQLException;

    void perform(ShowBatch command) throws SQLException;

    void perform(ShowTable command) throws SQLException;

    void perform(ShowSequence command) throws SQLException;

    void perform(ShowStatus command) throws SQLException;

    void perform(ShowVersion command) throws SQLException;

    void perform(ShowHelp command) throws SQLException;

    void perform(Exit command) throws SQLException;

    void perform(AddTables command) throws SQLException;

    void perform(ChangeObjects command) throws SQLException;

    void perform(ListObjects command) throws SQLException;

    void perform(PlainSql command) throws SQLException;
  }

  /**
   * Which of several.
   *
   * @param name empty for all of them
   */
  record Choice(Optional<String> name) {
    static final Choice ALL = new Choice(Optional.empty());

    static Choice of(String name) {
      return new Choice(Optional.of(name));
    }
  }

  /**
   * To another database, or to another queue.
   *
   * @param string a whole connect string
   * @param pairs keywords of a connect string, which change the present one
   */
  record Connect(
      Optional<String> string,
      Map<String, String> pairs,
      Optional<String> queue,
      Optional<String> node)
      implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record Install(String module) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record CreateQueue(String queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record DropQueue(String queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record AlterQueue(Choice queue, List<SettingChange> changes) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** At a tick, or where another consumer is, or (with neither) at the newest tick. */
  record Register(
      String consumer, Optional<String> queue, OptionalLong tick, Optional<String> copyOf)
      implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record Unregister(Choice consumer, Optional<String> queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record RegisterSubconsumer(String subconsumer, String consumer, Optional<String> queue)
      implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record UnregisterSubconsumer(
      Choice subconsumer, String consumer, Optional<String> queue, boolean closeBatch)
      implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** With nothing said, the default queue, or all. */
  record ShowQueue(Optional<Choice> queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** With no queue said, those of the default queue, or of all. */
  record ShowConsumer(Choice consumer, Optional<Choice> queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** As {@link ShowConsumer}. */
  record ShowNode(Choice node, Optional<Choice> queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** By its id, or by the consumer that has it open: one of both. */
  record ShowBatch(
      OptionalLong id, Optional<String> consumer, Optional<String> queue, OptionalLong limit)
      implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ShowTable(TableName table) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ShowSequence(TableName sequence) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ShowStatus() implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ShowVersion() implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ShowHelp() implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record Exit() implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** {@code arguments} are for the trigger, or for the function that makes it. */
  record AddTables(List<TableName> tables, List<String> arguments) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** Everything else that Londiste does to a list of objects. */
  record ChangeObjects(Change change, List<TableName> names) implements Command {
    /** What is done; the name is the answer. */
    enum Change {
      REMOVE_TABLE,
      ADD_SEQUENCE,
      REMOVE_SEQUENCE
    }

    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  record ListObjects(Kind kind) implements Command {
    /** What to list. */
    enum Kind {
      TABLES,
      SEQUENCES,
      MISSING
    }

    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** None of ours: for the server to understand. */
  record PlainSql(Statement statement) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }
}
