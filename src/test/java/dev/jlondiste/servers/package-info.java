/** Real servers, shared by all tests. */
@NullMarked
package dev.jlondiste.servers;

import org.jspecify.annotations.NullMarked;
