/**
 * {@code jlondiste demo}: PostgreSQL servers without an installation, and a migration between two
 * of them. No other package depends on this one, and its libraries are only on the class path of
 * the demo.
 */
@NullMarked
package dev.jlondiste.demo;

import org.jspecify.annotations.NullMarked;
