/**
 * The benchmark: jlondiste beside what a user would take instead, on the same servers in one run.
 * Started by {@code mvn -Pbench package}; src/docs/benchmark.md says what is measured and how.
 */
@NullMarked
package dev.jlondiste.bench;

import org.jspecify.annotations.NullMarked;
