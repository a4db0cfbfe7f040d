/**
 * Rules by which values of columns are replaced by hashes or left out, read from a YAML file. Knows
 * nothing of events and databases. The only package that uses Bouncy Castle and SnakeYAML.
 */
@NullMarked
package dev.jlondiste.replica.obfuscation;

import org.jspecify.annotations.NullMarked;
