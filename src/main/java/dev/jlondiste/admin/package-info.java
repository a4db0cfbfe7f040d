/**
 * An operator's wishes: nodes come, go and change places, and tell how they are. Services return
 * records and never print; what databases answer on the way goes to the log.
 */
@NullMarked
package dev.jlondiste.admin;

import org.jspecify.annotations.NullMarked;
