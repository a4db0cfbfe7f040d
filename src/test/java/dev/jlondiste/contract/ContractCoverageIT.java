package dev.jlondiste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.jlondiste.servers.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every function has the class of its promises, and no class is about a function that is gone. */
class ContractCoverageIT {
  private static final Logger log = LoggerFactory.getLogger(ContractCoverageIT.class);

  private static final String FUNCTIONS =
      """
      select n.nspname || '.' || p.proname
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('pgq', 'pgq_node', 'londiste', 'pgq_ext', 'pgq_coop')
      """;

  /** Helpers that the original has too, so that others may have come to rely on them. */
  private static final Set<String> HELPERS_OF_THE_REFERENCE =
      Set.of("pgq._grant_perms_from", "londiste._coordinate_copy");

  @Test
  void every_function_has_its_class() {
    List<@Nullable String> overloads;
    try (TestDatabase ours = Installation.NEWEST.createDatabase()) {
      overloads = ours.column(FUNCTIONS);
    }
    overloads.removeIf(ContractCoverageIT::isHelperOfOurs);
    Set<@Nullable String> functions = new TreeSet<>(overloads);
    List<String> contracts =
        new ClassFileImporter()
            .importPackagesOf(Contract.class).stream()
                .filter(type -> type.isAnnotatedWith(Contract.class))
                .map(type -> type.getAnnotationOfType(Contract.class).value())
                .toList();
    log.info(
        "{} functions with {} overloads have {} contracts",
        functions.size(),
        overloads.size(),
        contracts.size());

    assertThat(contracts).containsExactlyInAnyOrderElementsOf(functions);
  }

  private static boolean isHelperOfOurs(@Nullable String function) {
    return function != null
        && function.contains("._")
        && !HELPERS_OF_THE_REFERENCE.contains(function);
  }
}
