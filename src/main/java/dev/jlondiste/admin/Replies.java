package dev.jlondiste.admin;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.fault.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs the replies of database functions at the level that their code stands for. */
public final class Replies {
  private static final Logger log = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /** Logs the note; throws a refusal as UserError, so that the transaction is rolled back. */
  public static Reply check(Reply reply) {
    return checkText(reply, reply.note());
  }

  /** As above, for a call on another node, whose name is put before the note. */
  public static Reply check(String node, Reply reply) {
    return checkText(reply, "[" + node + "] " + reply.note());
  }

  private static Reply checkText(Reply reply, String text) {
    if (reply.isRefusal()) {
      throw new UserError(text, null);
    }
    log.atLevel(level(reply.code())).log(text);
    return reply;
  }

  /** 1xx reports a state, 2xx an action done, 3xx is a warning, 4xx and above is a refusal. */
  public static Level level(int code) {
    if (code >= 400) {
      return Level.ERROR;
    }
    if (code >= 300) {
      return Level.WARN;
    }
    return code >= 200 ? Level.INFO : Level.DEBUG;
  }
}
