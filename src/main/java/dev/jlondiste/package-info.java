/** Where the programs begin: by name, to the command line that has it. */
@NullMarked
package dev.jlondiste;

import org.jspecify.annotations.NullMarked;
