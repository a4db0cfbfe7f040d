package dev.jlondiste;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The jar with queues alone, as the build makes it from the patterns in {@code pom.xml}. */
public final class LibraryJar {
  private static final String PATTERNS =
      "//plugin[artifactId='maven-jar-plugin']//execution[id='library']//include";

  private LibraryJar() {}

  /** Whether a file, named from the root of the class path, belongs to it. */
  static Predicate<String> contents() {
    List<Pattern> patterns = patterns();
    return file -> patterns.stream().anyMatch(pattern -> pattern.matcher(file).matches());
  }

  private static List<Pattern> patterns() {
    try {
      Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
      NodeList found =
          (NodeList)
              XPathFactory.newInstance().newXPath().evaluate(PATTERNS, pom, XPathConstants.NODESET);
      return IntStream.range(0, found.getLength())
          .mapToObj(i -> pattern(found.item(i).getTextContent().strip()))
          .toList();
    } catch (Exception e) {
      throw new IllegalStateException("pom.xml", e);
    }
  }

  private static Pattern pattern(String include) {
    String regex = "%regex[";
    return Pattern.compile(
        include.startsWith(regex)
            ? include.substring(regex.length(), include.length() - 1)
            : include.replaceAll("/\\*\\*?$", "/.*"));
  }

  /** The one that was built, if this is the build; otherwise the same from the classes. */
  public static Path in(Path directory) {
    Path built = Path.of(System.getProperty("jlondiste.library", "none"));
    if (Files.exists(built)) {
      return built;
    }
    Path jar = directory.resolve("pgq.jar");
    if (Files.exists(jar)) {
      return jar; // programs may be running with it
    }
    try (Stream<Path> files = Files.walk(classes());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      Predicate<String> contents = contents();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes().relativize(file).toString();
        if (contents.test(name)) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(file, out);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path classes() {
    return place(Main.class);
  }

  /** The jar or directory of a class. */
  public static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
