package dev.jlondiste.replica.apply;

import dev.jlondiste.pgq.RowChange;
import org.jspecify.annotations.Nullable;

/** The net effect of the changes of one row. */
enum RowEffect {
  INSERTED,
  UPDATED,
  DELETED,
  /** Deleted, and inserted again. */
  REPLACED,
  /** Inserted, and deleted again. */
  NONE;

  static RowEffect of(RowChange.Operation first) {
    return switch (first) {
      case INSERT -> INSERTED;
      case UPDATE -> UPDATED;
      case DELETE -> DELETED;
    };
  }

  /** The effect with one more change; null if {@code next} does not follow. */
  @Nullable RowEffect then(RowChange.Operation next) {
    return switch (next) {
      case INSERT -> this == DELETED ? REPLACED : this == NONE ? INSERTED : null;
      case UPDATE -> this == DELETED || this == NONE ? null : this;
      case DELETE ->
          switch (this) {
            case INSERTED -> NONE;
            case UPDATED, REPLACED -> DELETED;
            case DELETED, NONE -> null;
          };
    };
  }
}
