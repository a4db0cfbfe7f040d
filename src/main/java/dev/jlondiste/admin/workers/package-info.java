/**
 * Control of the worker of any node: finds it by name, pauses and resumes it. A {@link
 * dev.jlondiste.admin.workers.PausedWorker} is resumed also after an error.
 */
@NullMarked
package dev.jlondiste.admin.workers;

import org.jspecify.annotations.NullMarked;
