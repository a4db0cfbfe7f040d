package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and the pages below {@code src/docs} refer to files and headings that exist. */
class DocumentationLinksTest {
  private static final Path README = Path.of("README.md");
  private static final Path PAGES = Path.of("src/docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

  @Test
  void links_lead_to_files_and_headings() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : all()) {
      for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
        if (!link.group(1).contains("://") && !exists(page, link)) {
          broken.add(page + ": " + link.group());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void the_readme_links_to_every_page() throws IOException {
    String readme = Files.readString(README);
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages.filter(page -> page.toString().endsWith(".md")))
          .isNotEmpty()
          .allSatisfy(page -> assertThat(readme).contains("](" + page + ")"));
    }
  }

  private static List<Path> all() throws IOException {
    try (Stream<Path> pages = Files.walk(PAGES)) {
      return Stream.concat(
              Stream.of(README), pages.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static boolean exists(Path page, MatchResult link) throws IOException {
    Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
    if (link.group(2) == null) {
      return Files.exists(target);
    }
    return Files.isRegularFile(target) && anchors(Files.readString(target)).contains(link.group(2));
  }

  /** What a forge makes of headings: lower case, blanks as hyphens, other characters left out. */
  private static Set<String> anchors(String page) {
    return HEADING
        .matcher(page)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
