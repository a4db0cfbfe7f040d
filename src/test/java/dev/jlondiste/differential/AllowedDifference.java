package dev.jlondiste.differential;

import dev.jlondiste.differential.Answer.Failure;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that may differ, and why. Anything else is a fault. */
enum AllowedDifference {
  SQLSTATE(
      "the reference raises P0001 from PL/pgSQL and XX000 from C; ours says what it is", true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      Failure error = reference.error();
      Failure ourError = ours.error();
      return error != null
          && ourError != null
          && (error.state().equals("P0001") || error.state().equals("XX000"))
          && error.message().equals(ourError.message())
          && reference.warnings().equals(ours.warnings());
    }
  },

  TRIGGER_NAME("the reference's create_trigger never tells the name it gave; ours does", true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      int column = reference.columns().indexOf("trigger_name");
      return column >= 0
          && ours.columns().equals(reference.columns())
          && reference.rows().stream().allMatch(row -> row.get(column).text() == null)
          && Comparison.difference(without(column, reference), without(column, ours)).isEmpty();
    }

    private Answer without(int column, Answer answer) {
      return new Answer(
          answer.columns(),
          answer.rows().stream().map(row -> row.subList(0, column)).toList(),
          answer.warnings(),
          answer.error());
    }
  },

  NOTE_NAMES_THE_QUEUE(
      "a note of set_subscriber_watermark ends before the name it announces", true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return reference.toString().contains("not subscribed to queue '")
          && ours.toString()
              .replaceFirst("not subscribed to queue [^']*(''[^']*)*'", "not subscribed to queue '")
              .equals(reference.toString());
    }
  },

  TRIGGER_NOT_FIRST("the reference means to warn of an earlier trigger, but never does", true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return ours.toString()
          .replaceFirst("'301', '(.*), but londiste trigger is not first: .*']", "'200', '$1']")
          .equals(reference.toString());
    }
  },

  EVENTS_TAKEN_BACK(
      "the reference's limit per transaction counts events that a savepoint took back", false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return ours.error() == null
          && fails(reference, "XX000", "Queue '.*' allows max .* events from one TX");
    }
  },

  EXPRESSIONS_LAST(
      "of several reasons to refuse a row change, the reference meets an expression that cannot be parsed"
          + " first, ours last",
      true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      Failure error = reference.error();
      return error != null
          && error.state().startsWith("42")
          && fails(
              ours,
              "P0001|22023",
              "bad param to pgq trigger|Update/Delete on table without pkey|.*change not allowed.*|primary key update not allowed"
                  + "|SKIP does not work in AFTER trigger.|logtriga: Unexpected NULL key value|Unknown magic column: .*");
    }
  },

  KEY_WITHOUT_COLUMNS(
      "with pkey= that names no column the reference's sqltriga writes a statement for all rows, and"
          + " ours refuses",
      false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return reference.error() == null
          && fails(ours, "P0001|22023", "logtriga: Unexpected NULL key value");
    }
  },

  ANOTHER_EXPRESSION(
      "of several expressions that cannot be parsed, the reference tells of the first, ours of what the"
          + " parser meets first",
      true) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return fails(reference, EXPRESSION_ERROR, ".*") && fails(ours, EXPRESSION_ERROR, ".*");
    }
  },

  WAITS_LESS("the reference locks the node also where it then finds nothing to do", false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return fails(reference, "55P03", "canceling statement due to lock timeout");
    }
  },

  QUOTED_NAME("the reference's parser of expressions refuses some quoted names", false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return fails(reference, "XX000", "QB: syntax error");
    }
  },

  SUBSCRIBER_OF_NO_QUEUE(
      "set_subscriber_watermark without a queue finds the consumer of any in the reference, and fails then",
      false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return ours.toString().contains("['404', ")
          && fails(reference, "P0001", "Event queue not created yet");
    }
  },

  RETRY_ON_A_BRANCH(
      "events that a consumer of a branch wants again never come back in the reference, and keep those of"
          + " other queues from coming",
      false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return fails(reference, "XX000", "Insert into queue disallowed")
          && (ours.columns().contains("maint_retry_events")
              || fails(ours, "54000", "Queue '.*' allows max .* events from one TX"));
    }
  },

  BAD_NODE_TYPE(
      "create_node runs into a constraint in the reference; ours says what is wrong", false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      Failure error = reference.error();
      return error != null
          && error.message().contains("\"node_info\" violates")
          && ours.toString().contains("['401', 'bad node type: ");
    }
  },

  UNCHECKED_NULL(
      "the reference meets some nulls only within its own statements; ours says what is wrong, takes"
          + " the default, or finds nothing",
      false) {
    @Override
    boolean covers(Answer reference, Answer ours) {
      return fails(
              reference,
              "22004",
              "query string argument of EXECUTE is null|null value cannot be assigned to variable .*")
          || fails(reference, "P0001", "lost table: <NULL>");
    }
  };

  /** Syntax, and names and types within an expression; not tables, schemas or rights. */
  private static final String EXPRESSION_ERROR = "42601|42703|42883|42804|42846|42P01|42P18|42P10";

  private final String reason;
  private final boolean leavesTheSame;

  /**
   * @param leavesTheSame whether both databases are the same afterwards; otherwise a sequence ends
   *     there
   */
  AllowedDifference(String reason, boolean leavesTheSame) {
    this.reason = reason;
    this.leavesTheSame = leavesTheSame;
  }

  boolean leavesTheSame() {
    return leavesTheSame;
  }

  abstract boolean covers(Answer reference, Answer ours);

  /** Between events and errors of row changes. */
  static final Set<AllowedDifference> OF_ROWS =
      EnumSet.of(SQLSTATE, EXPRESSIONS_LAST, KEY_WITHOUT_COLUMNS, ANOTHER_EXPRESSION, QUOTED_NAME);

  /** Between answers of calls. */
  static final Set<AllowedDifference> OF_CALLS =
      EnumSet.complementOf(
          EnumSet.of(EXPRESSIONS_LAST, KEY_WITHOUT_COLUMNS, ANOTHER_EXPRESSION, QUOTED_NAME));

  static Optional<AllowedDifference> between(
      Answer reference, Answer ours, Set<AllowedDifference> allowedHere) {
    return allowedHere.stream().filter(allowed -> allowed.covers(reference, ours)).findFirst();
  }

  private static boolean fails(Answer answer, String state, String message) {
    @Nullable Failure error = answer.error();
    return error != null && error.state().matches(state) && error.message().matches(message);
  }

  @Override
  public String toString() {
    return name() + " (" + reason + ")";
  }
}
