package dev.jlondiste.demo;

import java.util.Locale;

/** A progress bar in ASCII characters. */
final class ProgressBar {
  private static final int WIDTH = 30;

  private ProgressBar() {}

  static String of(long done, long total) {
    double share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / (double) total));
    int filled = (int) (share * WIDTH);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d%%",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        (int) (share * 100));
  }
}
