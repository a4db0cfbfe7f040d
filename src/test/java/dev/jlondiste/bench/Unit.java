package dev.jlondiste.bench;

/** The unit of a figure. */
enum Unit {
  TRANSACTIONS_PER_SECOND("tps", true),
  EVENTS_PER_SECOND("events/s", true),
  ROWS_PER_SECOND("rows/s", true),
  SECONDS("s", false),
  MILLISECONDS("ms", false),
  MICROSECONDS_PER_EVENT("us/event", false),
  PERCENT_OF_A_CORE("% core", false),
  QUERIES_PER_SECOND("queries/s", false),
  MEGABYTES("MB", false),
  TRANSACTIONS("transactions", false);

  private final String label;
  private final boolean moreIsBetter;

  Unit(String label, boolean moreIsBetter) {
    this.label = label;
    this.moreIsBetter = moreIsBetter;
  }

  String label() {
    return label;
  }

  boolean moreIsBetter() {
    return moreIsBetter;
  }
}
