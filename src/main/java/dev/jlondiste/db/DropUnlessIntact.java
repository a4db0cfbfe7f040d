package dev.jlondiste.db;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Makes HikariCP drop a connection after every failure that does not leave it intact, see {@link
 * Conversation}. HikariCP's default depends on the SQLSTATE: it drops a connection after a refused
 * TRUNCATE (0A000), but not after an answer that the driver does not understand, which has no
 * SQLSTATE.
 */
final class DropUnlessIntact implements SQLExceptionOverride {
  @java.lang.Override // the interface has a type of this name
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    return Conversation.isIntact(failure)
        ? SQLExceptionOverride.Override.DO_NOT_EVICT
        : SQLExceptionOverride.Override.MUST_EVICT;
  }
}
