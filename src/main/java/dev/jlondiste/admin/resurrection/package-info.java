/**
 * A former root returns to its cascade after a failover: {@link
 * dev.jlondiste.admin.resurrection.Resurrection}. Its events that no other node has are the lost
 * events: they are written to a file, optionally as SQL, and removed from its queue; its tables
 * stay as they are.
 */
@NullMarked
package dev.jlondiste.admin.resurrection;

import org.jspecify.annotations.NullMarked;
