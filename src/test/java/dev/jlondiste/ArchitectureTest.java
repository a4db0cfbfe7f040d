package dev.jlondiste;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms of the house: who may call whom, and which library lives where. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.jlondiste");

  /** Library package to the rooms that may use it: one, but for the command lines' parser. */
  private static final Map<String, List<String>> LIBRARY_ROOMS =
      Map.of(
          "picocli..", List.of("dev.jlondiste.cli..", "dev.jlondiste.qadmin.."),
          "com.carrotsearch.hppc..", List.of("dev.jlondiste.replica.apply.."),
          "org.bouncycastle..", List.of("dev.jlondiste.replica.obfuscation.."),
          "org.yaml..", List.of("dev.jlondiste.replica.obfuscation.."),
          "org.ini4j..", List.of("dev.jlondiste.config.."),
          "org.jline..", List.of("dev.jlondiste.qadmin.."),
          "com.zaxxer.hikari..", List.of("dev.jlondiste.db.."),
          "ch.qos.logback..", List.of("dev.jlondiste.log.."),
          "io.micrometer..", List.of("dev.jlondiste.metrics.."),
          "org.apache.commons.compress..", List.of("dev.jlondiste.demo.."));

  @Test
  void rooms_do_not_call_in_circles() {
    slices()
        .matching("dev.jlondiste.(*)..")
        .should()
        .beFreeOfCycles()
        .because("a newcomer reads the rooms from the bottom up")
        .check(CLASSES);
  }

  @Test
  void calls_go_down() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("demo")
        .definedBy("dev.jlondiste.demo..")
        .layer("qadmin")
        .definedBy("dev.jlondiste.qadmin..")
        .layer("cli")
        .definedBy("dev.jlondiste.cli..")
        .layer("daemon")
        .definedBy("dev.jlondiste.daemon..")
        .layer("companion")
        .definedBy("dev.jlondiste.companion..")
        .layer("admin")
        .definedBy("dev.jlondiste.admin..")
        .layer("replica")
        .definedBy("dev.jlondiste.replica..")
        .layer("cascade")
        .definedBy("dev.jlondiste.cascade..")
        .layer("ticker")
        .definedBy("dev.jlondiste.ticker..")
        .layer("structure")
        .definedBy("dev.jlondiste.structure..")
        .layer("pgq")
        .definedBy("dev.jlondiste.pgq..")
        .layer("log")
        .definedBy("dev.jlondiste.log..")
        .layer("loop")
        .definedBy("dev.jlondiste.loop..")
        .layer("db")
        .definedBy("dev.jlondiste.db..")
        .layer("config")
        .definedBy("dev.jlondiste.config..")
        .layer("metrics")
        .definedBy("dev.jlondiste.metrics..")
        .layer("fault")
        .definedBy("dev.jlondiste.fault..")
        .whereLayer("demo")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("qadmin")
        .mayOnlyBeAccessedByLayers("demo")
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("demo", "qadmin")
        .whereLayer("daemon")
        .mayOnlyBeAccessedByLayers("demo", "cli")
        .whereLayer("companion")
        .mayOnlyBeAccessedByLayers("cli", "daemon")
        .whereLayer("log")
        .mayOnlyBeAccessedByLayers("demo", "qadmin", "cli", "daemon")
        .whereLayer("admin")
        .mayOnlyBeAccessedByLayers("demo", "qadmin", "cli", "daemon")
        .whereLayer("replica")
        .mayOnlyBeAccessedByLayers("demo", "qadmin", "cli", "daemon", "admin")
        .whereLayer("ticker")
        .mayOnlyBeAccessedByLayers("demo", "cli", "daemon")
        .whereLayer("cascade")
        .mayOnlyBeAccessedByLayers(
            "demo", "qadmin", "cli", "daemon", "companion", "admin", "replica")
        .whereLayer("structure")
        .mayOnlyBeAccessedByLayers("demo", "qadmin", "cli", "daemon", "admin", "replica")
        .because("a lower room that must reach up owns an interface which the upper one implements")
        .check(CLASSES);
  }

  /** The driver leaves the rest of a COPY that is given up on the connection. */
  @Test
  void one_room_begins_and_ends_copies() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.jlondiste.db..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.postgresql.copy..")
        .orShould()
        .callMethod("org.postgresql.PGConnection", "cancelQuery")
        .because(
            "whether a connection can be used after a COPY or a cancel is decided in one place")
        .check(CLASSES);
  }

  /** Programs of others have dev.jlondiste.pgq on their class path without our libraries. */
  @Test
  void queues_can_be_used_without_the_rest() {
    classes()
        .that(are_in_the_library())
        .and()
        .resideOutsideOfPackage("dev.jlondiste.metrics..")
        .should()
        .onlyDependOnClassesThat(
            are_in_the_library()
                .or(
                    resideInAnyPackage(
                        "java..",
                        "javax.sql..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "org.postgresql..")))
        .because(
            "the driver and SLF4J are all that a user of queues needs; pom.xml lists the classes")
        .check(CLASSES);
    noClasses()
        .that(are_in_the_library())
        .and()
        .doNotHaveSimpleName("ConsumerMeters")
        .and()
        .resideOutsideOfPackage("dev.jlondiste.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.jlondiste.metrics..")
        .because("Micrometer is for those who ask for meters")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> are_in_the_library() {
    Predicate<String> contents = LibraryJar.contents();
    return DescribedPredicate.describe(
        "are in the library jar", type -> contents.test(file(type.getBaseComponentType())));
  }

  private static String file(JavaClass type) {
    return type.getName().replace('.', '/') + ".class";
  }

  @Test
  void the_library_has_nothing_that_queues_do_not_need() {
    Set<String> needed =
        CLASSES.stream()
            .filter(type -> type.getPackageName().startsWith("dev.jlondiste.pgq"))
            .flatMap(type -> Stream.concat(Stream.of(type), reachable(type)))
            .map(ArchitectureTest::outermost)
            .collect(Collectors.toSet());
    assertThat(
            CLASSES.stream()
                .filter(are_in_the_library())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(ArchitectureTest::outermost)
                .filter(name -> !needed.contains(name)))
        .isEmpty();
  }

  private static String outermost(JavaClass type) {
    return type.getBaseComponentType().getName().replaceAll("\\$.*", "");
  }

  private static Stream<JavaClass> reachable(JavaClass type) {
    return type.getTransitiveDependenciesFromSelf().stream().map(Dependency::getTargetClass);
  }

  /** Consumers and producers use queues, and queues have rows in their events. */
  @Test
  void calls_go_down_among_queues_too() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("consumer")
        .definedBy("dev.jlondiste.pgq.consumer")
        .layer("producer")
        .definedBy("dev.jlondiste.pgq.producer")
        .layer("pgq")
        .definedBy("dev.jlondiste.pgq")
        .layer("row")
        .definedBy("dev.jlondiste.pgq.row")
        .whereLayer("consumer")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("producer")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("pgq")
        .mayOnlyBeAccessedByLayers("consumer", "producer")
        .because("a row can be read without a queue")
        .check(CLASSES);
  }

  @TestFactory
  Iterable<DynamicTest> each_library_lives_in_one_room() {
    return LIBRARY_ROOMS.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey() + " only in " + entry.getValue(),
                    () ->
                        noClasses()
                            .that()
                            .resideOutsideOfPackages(entry.getValue().toArray(String[]::new))
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(entry.getKey())
                            .because("a library can be exchanged when one room knows it")
                            .allowEmptyShould(true)
                            .check(CLASSES)))
        .toList();
  }
}
