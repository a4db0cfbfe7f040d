package dev.jlondiste.config;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Built-in keys to which {@code %(key)s} can refer although the file does not set them. */
record BuiltInValues(Path ini, String section) {
  Optional<String> value(String key) {
    return switch (key) {
      case "job_name" -> Optional.of(baseName(String.valueOf(ini.getFileName())));
      case "service_name" -> Optional.of(section);
      case "host_name" -> Optional.of(hostName());
      case "config_dir" -> Optional.of(directory());
      case "config_file" -> Optional.of(ini.toString());
      default -> Optional.empty();
    };
  }

  private String directory() {
    @Nullable Path directory = ini.getParent();
    return directory == null ? "" : directory.toString();
  }

  private static String baseName(String file) {
    int dot = file.lastIndexOf('.');
    return dot <= 0 ? file : file.substring(0, dot);
  }

  /** Reads the host name from the kernel if possible, because Java queries the name server. */
  private static String hostName() {
    try {
      Path kernel = Path.of("/proc/sys/kernel/hostname");
      return Files.isReadable(kernel)
          ? Files.readString(kernel).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost"; // the host name cannot be resolved
    }
  }
}
