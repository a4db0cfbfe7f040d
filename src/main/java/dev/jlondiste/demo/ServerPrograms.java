package dev.jlondiste.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Unpacks the programs of a PostgreSQL major version from a jar. They remain in the system's
 * temporary directory for the next run.
 */
final class ServerPrograms {
  private static final Set<PosixFilePermission> OWNER_WRITABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private ServerPrograms() {}

  /**
   * Returns the directory that contains {@code bin/postgres}. Several processes can call it at the
   * same time.
   */
  static Path unpacked(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      throw new FileNotFoundException("no server programs at " + jar);
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .findFirst()
              .orElseThrow(() -> new IOException("no server programs in " + jar));
      String name = String.format(Locale.ROOT, "%s-%08x", jar.getFileName(), archive.getCrc());
      Path cache = cacheDirectory();
      Path programs = cache.resolve(name);
      if (!Files.isExecutable(programs.resolve("bin/postgres"))) {
        Path fresh = Files.createTempDirectory(cache, name);
        Files.setPosixFilePermissions(fresh, OWNER_WRITABLE);
        try (InputStream packed = zip.getInputStream(archive)) {
          unpack(packed, fresh);
        }
        moveOrDiscard(fresh, programs);
      }
      return programs;
    }
  }

  /**
   * The unpacked programs are executed, and any user can write to the temporary directory. Only a
   * directory that belongs to this user, and is writable for this user alone, is therefore
   * accepted.
   */
  private static Path cacheDirectory() throws IOException {
    String user = System.getProperty("user.name");
    Path shared = Path.of(System.getProperty("java.io.tmpdir"), "jlondiste-postgres-" + user);
    try {
      Files.createDirectory(shared, PosixFilePermissions.asFileAttribute(OWNER_WRITABLE));
    } catch (FileAlreadyExistsException e) {
      boolean isPrivate =
          Files.isDirectory(shared, java.nio.file.LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(shared).getName().equals(user)
              && OWNER_WRITABLE.containsAll(Files.getPosixFilePermissions(shared));
      if (!isPrivate) {
        throw new IOException(
            "not a directory that only user " + user + " can write to: " + shared, e);
      }
    }
    return shared;
  }

  private static void unpack(InputStream packed, Path directory) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("entry outside of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.resolveSibling("."));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(target, OWNER_WRITABLE);
          }
        }
      }
    }
  }

  /** Publishes the programs atomically, or discards them if another process was first. */
  private static void moveOrDiscard(Path fresh, Path programs) throws IOException {
    try {
      Files.move(fresh, programs, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Directories.delete(fresh);
      if (!Files.isExecutable(programs.resolve("bin/postgres"))) {
        throw e;
      }
    }
  }
}
