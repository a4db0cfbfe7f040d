/**
 * Handlers, which determine how the events of a table are applied on this node. The name of the
 * handler is stored with the table. A new handler is a {@link
 * dev.jlondiste.replica.handler.HandlerFactory} and a line in {@link
 * dev.jlondiste.replica.handler.TableHandlers}; commands and workers find it there. Decisions
 * beyond events, such as which rows the initial copy reads, become methods of {@link
 * dev.jlondiste.replica.handler.TableHandler} when a handler needs them. This package does not
 * depend on table states or on how rows are written.
 */
@NullMarked
package dev.jlondiste.replica.handler;

import org.jspecify.annotations.NullMarked;
