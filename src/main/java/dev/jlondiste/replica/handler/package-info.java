/**
 * Handlers, which determine how the changes of a table are captured, copied, applied, compared and
 * passed on. The name of the handler is stored with the table. A new handler is a {@link
 * dev.jlondiste.replica.handler.TableHandlerFactory} and a line in {@link
 * dev.jlondiste.replica.handler.TableHandlers}, or a plug-in; commands and workers find it there.
 * This package does not depend on table states or on how rows are written.
 */
@NullMarked
package dev.jlondiste.replica.handler;

import org.jspecify.annotations.NullMarked;
