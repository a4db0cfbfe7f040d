package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import java.sql.Connection;

/**
 * One attempt to apply a batch: the batch, its provider and the local database.
 *
 * @param node the local node, as it was when the batch was requested
 * @param role what the node does with the batch
 * @param provider in autocommit
 * @param local in a transaction, which commits the changes together with the node's position
 * @param providerLocation the stored connect string of the provider
 */
record BatchAttempt(
    Batch batch,
    NodeInfo node,
    CascadeRole role,
    Connection provider,
    Connection local,
    String providerLocation) {}
