package dev.jlondiste.admin;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.fault.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What database functions answer, told to the operator as loudly as their code asks for. */
public final class Replies {
  private static final Logger log = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /** Logs the note; a refusal is thrown, so that the transaction is rolled back. */
  public static Reply check(Reply reply) {
    return heedText(reply, reply.note());
  }

  /** As above, for a call that was made on a named node. */
  public static Reply check(String node, Reply reply) {
    return heedText(reply, "[" + node + "] " + reply.note());
  }

  private static Reply heedText(Reply reply, String text) {
    if (reply.isRefusal()) {
      throw new UserError(text, null);
    }
    log.atLevel(level(reply.code())).log(text);
    return reply;
  }

  /** 1xx tells a state, 2xx what was done, 3xx a warning, the rest a refusal. */
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
