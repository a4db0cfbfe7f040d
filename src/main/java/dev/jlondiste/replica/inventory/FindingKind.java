package dev.jlondiste.replica.inventory;

import java.util.Locale;

/** What is not as it should be about a table or sequence. */
public enum FindingKind {
  /** In the root's database, in no set. */
  TABLE_NOT_REPLICATED("table", "not replicated", Area.SET),
  /** In the set, not added on this node. */
  TABLE_NOT_ADDED("table", "not added", Area.SET),
  /** Belongs to a replicated table, or to none, and is in no set. */
  SEQUENCE_NOT_REPLICATED("sequence", "not replicated", Area.SET),
  SEQUENCE_NOT_ADDED("sequence", "not added", Area.SET),
  /** Registered, and dropped or renamed since. */
  SEQUENCE_GONE("sequence", "gone", Area.OBJECT),
  /** Registered; there is no such table any more, under whatever name. */
  TABLE_GONE("table", "gone", Area.TABLE),
  /** Registered, and called otherwise since. */
  TABLE_RENAMED("table", "renamed", Area.TABLE),
  /** Another table has the registered one's name. */
  TABLE_REPLACED("table", "replaced by another", Area.TABLE),
  /** Has triggers of the queue, and is not registered. */
  TRIGGERS_STRAY("table", "with triggers but not registered", Area.STRAY),
  TRIGGERS_MISSING("table", "without triggers", Area.TABLE),
  /** Disabled, or enabled for replication only. */
  TRIGGERS_DISABLED("table", "with disabled triggers", Area.TABLE),
  /** Some kinds of changes are not captured. */
  TRIGGERS_INCOMPLETE("table", "without some of its triggers", Area.TABLE),
  /** Capture goes on, slowly, and may miss changed keys. */
  TRIGGERS_OUTDATED("table", "changed since the triggers were made", Area.TABLE),
  KEY_GONE("table", "without its key", Area.TABLE),
  /** Empty after a crash of the server. */
  UNLOGGED("table", "unlogged", Area.PROPERTY),
  EXTENSION("table", "owned by an extension", Area.PROPERTY);

  private enum Area {
    SET,
    OBJECT,
    TABLE,
    STRAY,
    PROPERTY
  }

  private final String noun;
  private final String predicate;
  private final Area area;

  FindingKind(String noun, String predicate, Area area) {
    this.noun = noun;
    this.predicate = predicate;
    this.area = area;
  }

  /** Can be meant so, then {@code inventory_ignore} takes it out. Broken capture never is. */
  public boolean canBeMeant() {
    return area == Area.SET || area == Area.PROPERTY;
  }

  /** About a registered table and its triggers: {@code regenerate-triggers} has an answer. */
  public boolean concernsTriggers() {
    return area == Area.TABLE;
  }

  /** Changes were not captured, or under another name, while it was so. */
  public boolean losesChanges() {
    return this == TABLE_REPLACED
        || this == TRIGGERS_MISSING
        || this == TRIGGERS_DISABLED
        || this == TRIGGERS_INCOMPLETE;
  }

  /** {@code 3 tables not replicated}. */
  public String count(int number) {
    return number + " " + noun + (number == 1 ? "" : "s") + " " + predicate;
  }

  /** For programs. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
