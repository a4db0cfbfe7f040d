/**
 * How the events of a table are applied on this node: chosen per table by the handler that is
 * stored with it. A new handler is a {@link dev.jlondiste.replica.handler.HandlerFactory} and a
 * line in {@link dev.jlondiste.replica.handler.TableHandlers}; commands and workers find it there.
 * What a handler decides beyond events, such as which rows the initial copy reads, becomes a method
 * of {@link dev.jlondiste.replica.handler.TableHandler} with the first handler that needs it. Knows
 * nothing of table states and of how rows are written.
 */
@NullMarked
package dev.jlondiste.replica.handler;

import org.jspecify.annotations.NullMarked;
