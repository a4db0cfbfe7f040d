/**
 * The shape of a cascade: nodes are created, dropped and given another provider; workers are
 * paused, resumed and waited for.
 */
@NullMarked
package dev.jlondiste.admin.topology;

import org.jspecify.annotations.NullMarked;
