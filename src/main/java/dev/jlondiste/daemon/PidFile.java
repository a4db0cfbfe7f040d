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
 * The file that says which process is at work for an ini file: of a daemon, or ({@code .admin},
 * {@code .repair}) of a command that excludes its like.
 *
 * <p>The pid goes to {@code FILE.new}, which is then renamed, so readers never see half of it.
 * Starters exclude each other by a lock on {@code FILE.new}: look, write and rename happen under
 * it. Because the lock is on the file and not on its name, a starter that waited makes sure that
 * the name still belongs to what it has locked.
 */
public final class PidFile implements AutoCloseable {
  /** Programs whose pid files we share names with; see {@link #isAlive}. */
  private static final List<String> PROGRAMS = List.of("java", "python", "londiste", "pgqd");

  private static final Duration CLOCK_SLACK = Duration.ofSeconds(10);

  /** What an attempt to take the file came to. */
  public enum Claim {
    /** There was none. */
    TAKEN,
    /** There was one of a process that is gone: {@code Ignoring stale pidfile}. */
    TAKEN_FROM_DEAD,
    /** Another process holds it. */
    HELD
  }

  private final Path file;
  private volatile boolean mine;

  private PidFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  public static PidFile at(Path file) {
    return new PidFile(file);
  }

  /** The lock of another kind of command for the same ini: {@code PIDFILE.admin} and so on. */
  public static PidFile forLock(Path pidfile, String suffix) {
    return new PidFile(pidfile.resolveSibling(pidfile.getFileName() + "." + suffix));
  }

  /**
   * Takes the file as {@code londiste3} does: says on {@code out} what is wrong; false: give up.
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

  /** Null when {@code FILE.new} changed hands meanwhile: look again. */
  private @Nullable Claim tryClaim(Path fresh) throws IOException {
    try (FileChannel channel =
            FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        return Claim.HELD; // somebody is just starting
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
      mine = true; // before the lock is gone: another thread would take our pid for a stale one
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

  /** The pid in the file, whether that process lives or not; empty without a readable file. */
  public OptionalLong recordedPid() {
    try {
      return read(file);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The pid in the file if that process lives. */
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
   * True when the process exists. After a reboot, or in a restarted container, the number may have
   * gone to a stranger: one that started after the file was written and is none of our programs.
   * Both signs are required, because a clock that was set forward looks like the first.
   */
  private boolean isAlive(long pid) {
    if (pid == ownPid()) {
      return mine; // our own number, but not our file: written before a restart
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
    if (mine && OptionalLong.of(ownPid()).equals(recordedPid())) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The next start finds a pid that is gone, and says so: nothing is lost.
        return;
      }
    }
    mine = false;
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
