package dev.jlondiste.daemon;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The pidfile of an ini file: that of the daemon, or of a command that must not run twice ({@code
 * .admin}, {@code .repair}).
 *
 * <p>The pid is written to {@code FILE.new}, which is then renamed, so readers never see a partial
 * file. Starting processes exclude each other by a lock on {@code FILE.new}: each checks, writes
 * and renames while it holds the lock. The lock belongs to the file and not to its name, so a
 * process that waited for the lock checks that the name still refers to the locked file.
 */
public final class PidFile implements AutoCloseable {
  /** Programs that may use the same pidfile; see {@link #isAlive}. */
  private static final List<String> PROGRAMS = List.of("java", "python", "londiste", "pgqd");

  private static final Duration CLOCK_SLACK = Duration.ofSeconds(10);

  /** The result of an attempt to claim the file. */
  public enum Claim {
    /** The file did not exist. */
    TAKEN,
    /** The file named a process that no longer exists: {@code Ignoring stale pidfile}. */
    TAKEN_FROM_DEAD,
    /** Another running process holds the file. */
    HELD
  }

  private final Path file;
  private volatile boolean isOwned;

  private PidFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  public static PidFile at(Path file) {
    return new PidFile(file);
  }

  /**
   * The pidfile of another kind of command for the same ini file, for example {@code
   * PIDFILE.admin}.
   */
  public static PidFile forLock(Path pidfile, String suffix) {
    return new PidFile(pidfile.resolveSibling(pidfile.getFileName() + "." + suffix));
  }

  /**
   * Claims the file with the messages of {@code londiste3} on {@code out}. Returns false if another
   * process holds it.
   */
  public boolean claim(PrintStream out) {
    Claim claim = claim();
    switch (claim) {
      case TAKEN -> {}
      case TAKEN_FROM_DEAD -> out.println("Ignoring stale pidfile");
      case HELD -> out.println("Pidfile exists, another process running?");
    }
    return claim != Claim.HELD;
  }

  public Claim claim() {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      while (livePid().isEmpty()) {
        Claim claim = tryClaim(fresh);
        if (claim != null) {
          return claim;
        }
      }
      return Claim.HELD;
    } catch (IOException e) {
      throw new UserError(
          "cannot write pidfile " + file + ": " + reasonOf(e),
          "the directory must exist and be writable for the user that runs this program",
          e);
    }
  }

  /**
   * Returns null if another process has replaced {@code FILE.new} meanwhile; then the caller must
   * try again.
   */
  private @Nullable Claim tryClaim(Path fresh) throws IOException {
    try (FileChannel channel =
            FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        return Claim.HELD; // another process is starting
      }
      OptionalLong former = read(file);
      if (former.isPresent() && isAlive(former.getAsLong())) {
        return Claim.HELD;
      }
      boolean existed = Files.exists(file);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(String.valueOf(ownPid()).getBytes(StandardCharsets.US_ASCII)));
      if (!OptionalLong.of(ownPid()).equals(read(fresh))) {
        return null;
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isOwned =
          true; // before the lock is released: another thread would take our pid for a stale one
      return existed ? Claim.TAKEN_FROM_DEAD : Claim.TAKEN;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by another thread of this process
    }
  }

  /** The pid in the file, whether or not that process exists; empty if the file cannot be read. */
  public OptionalLong recordedPid() {
    try {
      return read(file);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The pid in the file if that process exists. */
  public OptionalLong livePid() {
    OptionalLong pid = recordedPid();
    return pid.isPresent() && isAlive(pid.getAsLong()) ? pid : OptionalLong.empty();
  }

  public boolean exists() {
    return Files.exists(file);
  }

  public Path path() {
    return file;
  }

  /**
   * True if the process exists. After a reboot, or in a restarted container, another program may
   * have the number: it was started after the file was written and is not one of {@link #PROGRAMS}.
   * Both conditions are required, because a clock that was set forward has the same effect as the
   * first.
   */
  private boolean isAlive(long pid) {
    if (pid == ownPid()) {
      return isOwned; // our own pid in a file of an earlier process: written before a restart
    }
    ProcessHandle process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive).orElse(null);
    if (process == null) {
      return false;
    }
    ProcessHandle.Info info = process.info();
    if (info.startInstant().isEmpty() || info.commandLine().isEmpty()) {
      return true;
    }
    Instant written = Instant.ofEpochMilli(file.toFile().lastModified());
    String command = info.commandLine().get();
    return !info.startInstant().get().minus(CLOCK_SLACK).isAfter(written)
        || PROGRAMS.stream().anyMatch(command::contains);
  }

  /** Removes the file if it still names this process. */
  @Override
  public void close() {
    if (isOwned && OptionalLong.of(ownPid()).equals(recordedPid())) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // Harmless: the next start reports a stale pidfile.
        return;
      }
    }
    isOwned = false;
  }

  private static OptionalLong read(Path file) throws IOException {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).trim()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static long ownPid() {
    return ProcessHandle.current().pid();
  }

  private static String reasonOf(IOException e) {
    return e instanceof NoSuchFileException ? "no such directory" : String.valueOf(e.getMessage());
  }
}
