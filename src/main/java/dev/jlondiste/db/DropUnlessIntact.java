package dev.jlondiste.db;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Has HikariCP drop a connection after every failure that does not leave it intact, see {@link
 * Conversation}. By itself it drops them for some SQLSTATEs only, one of which (0A000) is a refused
 * TRUNCATE, and the driver has none for an answer that it does not understand.
 */
final class DropUnlessIntact implements SQLExceptionOverride {
  @java.lang.Override // the interface has a type of this name
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    return Conversation.isIntact(failure)
        ? SQLExceptionOverride.Override.DO_NOT_EVICT
        : SQLExceptionOverride.Override.MUST_EVICT;
  }
}
