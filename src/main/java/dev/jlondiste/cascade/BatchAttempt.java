package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import java.sql.Connection;

/**
 * One attempt to apply a batch: what, where from and where to.
 *
 * @param node the local node, as it was when the batch was asked for
 * @param role what the node does with the batch
 * @param provider in autocommit
 * @param local in a transaction; what is applied is committed there with the node's position
 * @param providerLocation the stored connect string of the provider
 */
record BatchAttempt(
    Batch batch,
    NodeInfo node,
    CascadeRole role,
    Connection provider,
    Connection local,
    String providerLocation) {}
