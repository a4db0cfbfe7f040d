/**
 * Whether tables are the same here and where they come from: both sides are brought to the same
 * point, then looked at in snapshots, so that nobody has to wait for the reading.
 */
@NullMarked
package dev.jlondiste.admin.compare;

import org.jspecify.annotations.NullMarked;
