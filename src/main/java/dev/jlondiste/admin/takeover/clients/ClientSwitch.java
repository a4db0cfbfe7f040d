package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import java.util.List;

/**
 * What happens around the pause so that applications reach the open node. The takeover calls {@link
 * #hold}, {@link #closed}, {@link #opened} in this order, or {@link #reopened} instead of those
 * that are left.
 *
 * <p>Nothing is stored here, so a command that continues after a crash may not know which methods
 * an earlier one has called. Therefore every method can be repeated, and {@link #opened} and {@link
 * #reopened} can be called without the methods before them: both leave the applications connected
 * to the open node, whatever was done before.
 */
public interface ClientSwitch {
  /**
   * Returns what would make a later method fail, a line each. Called before anything is touched;
   * changes nothing.
   */
  List<String> obstacles();

  /**
   * Holds the clients back, while the old root is still open. Throws UserError if that is not
   * possible within the deadline, and has then released all clients.
   */
  void hold(Deadline deadline) throws InterruptedException;

  /**
   * The old root is closed and the new one is not open yet. Throws UserError on failure or if the
   * deadline is over; the caller then opens the old root again and calls {@link #reopened}.
   */
  void closed(Deadline deadline) throws InterruptedException;

  /**
   * The new root is open: directs the clients to it and lets them continue. Returns the problems, a
   * line each. None of them prevents the clients from being released, nor undoes the takeover.
   */
  List<String> opened() throws InterruptedException;

  /** The old root is open, again or still: releases the clients. Returns the problems as above. */
  List<String> reopened() throws InterruptedException;
}
