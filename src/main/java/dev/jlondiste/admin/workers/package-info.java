/**
 * The worker of any node as a command sees it: found by name, paused and resumed. A {@link
 * dev.jlondiste.admin.workers.PausedWorker} is resumed whatever happens in between.
 */
@NullMarked
package dev.jlondiste.admin.workers;

import org.jspecify.annotations.NullMarked;
