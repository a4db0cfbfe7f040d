/**
 * The benchmark: compares jlondiste with other replication systems on the same servers in one run.
 * Started by {@code mvn -Pbench package}; src/docs/benchmark.md describes the measurements.
 */
@NullMarked
package dev.jlondiste.bench;

import org.jspecify.annotations.NullMarked;
