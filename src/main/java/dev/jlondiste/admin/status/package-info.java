/** What the nodes of a cascade report about themselves, put together as a tree. Reads only. */
@NullMarked
package dev.jlondiste.admin.status;

import org.jspecify.annotations.NullMarked;
