/** Real servers for tests, shared by all of them. */
@NullMarked
package dev.jlondiste.servers;

import org.jspecify.annotations.NullMarked;
