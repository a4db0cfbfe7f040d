/**
 * Servers without an installation, and a migration between two of them to look at. Nothing of the
 * daemon knows of this room, and its libraries are on the class path of the demo alone.
 */
@NullMarked
package dev.jlondiste.demo;

import org.jspecify.annotations.NullMarked;
