/** Scripts of SQL for all nodes: executes them on the root, and skips one on a subscriber. */
@NullMarked
package dev.jlondiste.admin.scripts;

import org.jspecify.annotations.NullMarked;
