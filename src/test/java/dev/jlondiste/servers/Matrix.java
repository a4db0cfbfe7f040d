package dev.jlondiste.servers;

import java.util.List;

/**
 * How many combinations a parameterized test runs. By default a sample of them; with {@code
 * -Djlondiste.matrix=all} every major version, and the rows of {@link WholeMatrix} as well.
 */
public final class Matrix {
  private static final List<String> SAMPLE = List.of(Servers.OLDEST, "13", Servers.NEWEST);

  private Matrix() {}

  public static boolean isWhole() {
    return "all".equals(System.getProperty("jlondiste.matrix"));
  }

  /** The major versions of tests that run on each of them: the oldest, one between, the newest. */
  public static List<String> majors() {
    return isWhole() ? Servers.MAJORS : SAMPLE;
  }
}
