package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.SettingChange;
import dev.jlondiste.db.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A command of {@code qadmin}. If no queue is given, it applies to the default queue. */
sealed interface Command {
  void runBy(Performer performer) throws SQLException;

  /**
   * Runs commands. Has a method for each kind, so that a new kind does not compile until it is
   * implemented.
   */
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
   * One object, or all of its kind.
   *
   * @param name empty for all
   */
  record Choice(Optional<String> name) {
    static final Choice ALL = new Choice(Optional.empty());

    static Choice of(String name) {
      return new Choice(Optional.of(name));
    }
  }

  /**
   * Changes the database or the default queue.
   *
   * @param string a complete connect string
   * @param pairs keywords that change the current connect string
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

  /**
   * Registers a consumer at a tick, or at the position of another consumer, or by default at the
   * newest tick.
   */
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

  /** If empty, the default queue, or all queues if there is none. */
  record ShowQueue(Optional<Choice> queue) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /**
   * If {@code queue} is empty, consumers of the default queue, or of all queues if there is none.
   */
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

  /** A batch, by its id or by the consumer that has it open; exactly one is present. */
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

  /** {@code arguments} are for the trigger, or for the function that creates it. */
  record AddTables(List<TableName> tables, List<String> arguments) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }

  /** Adds or removes objects, other than {@link AddTables}. */
  record ChangeObjects(Change change, List<TableName> names) implements Command {
    /** The action; its name is printed as the command tag. */
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
    /** The kind of objects to list. */
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

  /** A statement that is not a command of {@code qadmin}; it is sent to the server. */
  record PlainSql(Statement statement) implements Command {
    @Override
    public void runBy(Performer performer) throws SQLException {
      performer.perform(this);
    }
  }
}
