/**
 * The daemon process: its loops and threads, signals, pidfile, and readiness for systemd. Uses
 * loops only through {@link dev.jlondiste.loop}.
 *
 * <p>A daemon is a {@link dev.jlondiste.daemon.Service}. Its program does this:
 *
 * <pre>{@code
 * if (options.daemon() && !Background.isChild()) {
 *   return Background.start(args, out, err);          // parent: waits until the child has started
 * }
 * NodeSettings settings = ...;                        // reads the ini file; UserError: exit 1
 * Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
 * if (pidFile.isPresent() && !pidFile.get().claim(out)) {
 *   return 1;                                         // "Pidfile exists, another process running?"
 * }
 * return DaemonProcess.run(new NodeDaemon(settings), pidFile);
 * }</pre>
 *
 * <p>The service creates its loops with {@code loops.stopSignal()}, which its long steps check as
 * well, and starts them:
 *
 * <pre>{@code
 * public void start(Loops loops) {
 *   loops.start(new Loop("leaf1", worker, Pace.of(() -> settings.job().loopDelay()),
 *       WorkerFaults.policy(...), loops.stopSignal(), Clock.systemUTC()));
 *   new Ticker(...).loops(loops.stopSignal()).forEach(loops::start);
 * }
 * }</pre>
 *
 * <p>{@link dev.jlondiste.daemon.Background#detach} is called by {@code DaemonProcess}; a short
 * command that runs with {@code -d} calls it itself when it has its lock.
 */
@NullMarked
package dev.jlondiste.daemon;

import org.jspecify.annotations.NullMarked;
