package dev.jlondiste.replica.handler;

import java.util.List;

/** The argument {@code ignore_truncate}, which several handlers have. */
final class IgnoreTruncate {
  static final String NAME = "ignore_truncate";
  static final HandlerArgument ARGUMENT =
      HandlerArgument.choice(NAME, List.of("0", "1"), "1: a truncated table keeps its rows here");

  private IgnoreTruncate() {}
}
