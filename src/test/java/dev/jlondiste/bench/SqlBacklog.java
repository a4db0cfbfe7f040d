package dev.jlondiste.bench;

import java.util.List;

/**
 * A backlog created by a script.
 *
 * @param create creates the tables and their initial rows; must be deterministic
 * @param change SQL of the changes; may commit
 * @param events number of changed rows, counting each change
 */
record SqlBacklog(String name, List<String> tables, String create, String change, long events)
    implements Backlog {

  @Override
  public void create(Stage stage) {
    stage.everywhere(create);
  }

  /** Speeds up the script; synchronous commits do not affect the later drain. */
  @Override
  public long fill(Stage stage) {
    stage
        .source()
        .execute("alter database " + stage.source().name() + " set synchronous_commit = off");
    stage.source().execute(change);
    return events;
  }
}
