/**
 * Reads ini files and connect strings into immutable settings. Does not depend on the code that
 * uses them.
 */
@NullMarked
package dev.jlondiste.config;

import org.jspecify.annotations.NullMarked;
