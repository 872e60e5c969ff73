package io.starfire.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Which part may import which. Imports run one way:
 *
 * <pre>
 *   cli -> stream, archiver -> kafka -> common, config, event
 *                           -> api        jobs -> api (and nothing else)
 *       -> stream -> protocol -> segment -> common, decoding, event
 *       -> serving -> kafka, protocol
 *       -> batch   -> protocol
 *       -> jobs, embedded
 * </pre>
 */
class ImportRulesTest {
  private static final JavaClasses STARFIRE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.starfire");

  @TestFactory
  Stream<DynamicTest> importsRunOneWay() {
    return Stream.of(
            mayNotImport("io.starfire.common", "io.starfire.event..", "io.starfire.api.."),
            mayNotImport("io.starfire.decoding..", "io.starfire.event..", "io.starfire.config.."),
            mayNotImport("io.starfire.event.internal..", "io.starfire.event"),
            mayNotImport(
                "io.starfire.event..",
                "io.starfire.api..",
                "io.starfire.plan..",
                "io.starfire.kernel.."),
            mayNotImport("io.starfire.api..", "io.starfire.plan..", "io.starfire.kernel.."),
            mayNotImport("io.starfire.plan..", "io.starfire.kernel.."),
            mayNotImport(
                "io.starfire.segment..",
                "io.starfire.api..",
                "io.starfire.plan..",
                "io.starfire.kernel..",
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.stream..",
                "org.apache.hadoop..",
                "org.apache.kafka..",
                "com.google.inject..",
                "io.starfire.protocol.."),
            mayNotImport(
                "io.starfire.protocol..",
                "io.starfire.plan..",
                "io.starfire.kernel..",
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.stream..",
                "io.starfire.cli..",
                "org.apache.hadoop..",
                "org.apache.kafka..",
                "com.google.inject..",
                "io.javalin.."),
            mayNotImport(
                "io.starfire.kafka..",
                "io.starfire.api..",
                "io.starfire.plan..",
                "io.starfire.kernel..",
                "io.starfire.segment..",
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.stream..",
                "io.starfire.archiver..",
                "io.starfire.jobs..",
                "io.starfire.cli..",
                "org.apache.kafka.streams..",
                "org.apache.hadoop.."),
            mayNotImport(
                "io.starfire.archiver..",
                "io.starfire.segment..",
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.stream..",
                "io.starfire.jobs..",
                "io.starfire.cli..",
                "org.apache.kafka.streams.."),
            mayNotImport(
                "io.starfire.stream..",
                "io.starfire.archiver..",
                "org.apache.hadoop..",
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.segment..",
                "io.starfire.jobs..",
                "io.starfire.cli.."),
            mayNotImport(
                "io.starfire.batch..",
                "io.starfire.serving..",
                "io.starfire.stream..",
                "io.starfire.archiver..",
                "io.starfire.jobs..",
                "io.starfire.cli..",
                "org.apache.kafka..",
                "com.google.inject..",
                "io.javalin.."),
            mayNotImport(
                "io.starfire.serving..",
                "io.starfire.batch..",
                "io.starfire.stream..",
                "io.starfire.archiver..",
                "io.starfire.jobs..",
                "io.starfire.cli..",
                "org.apache.hadoop.."),
            mayNotImport(
                "io.starfire.jobs..",
                "io.starfire.serving..",
                "io.starfire.stream..",
                "io.starfire.archiver..",
                "io.starfire.kafka..",
                "io.starfire.segment..",
                "io.starfire.batch..",
                "io.starfire.cli.."),
            mayNotImport("io.starfire.batch.input", "io.starfire.batch", "io.starfire.batch.job"),
            mayNotImport("io.starfire.batch.job", "io.starfire.batch"),
            apiHasNoForeignTypes())
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(STARFIRE)));
  }

  private static ArchRule mayNotImport(String from, String... to) {
    return noClasses()
        .that(resideInAPackage(from))
        .should()
        .dependOnClassesThat(resideInAnyPackage(to))
        .as(from + " imports none of " + List.of(to))
        .allowEmptyShould(true);
  }

  /** Kafka and Hadoop never reach starfire-api; Avro and Jackson stay inside it. */
  private static ArchRule apiHasNoForeignTypes() {
    return noClasses()
        .that(resideInAnyPackage("io.starfire.api..", "io.starfire.plan..", "io.starfire.kernel.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.kafka..",
                "org.apache.hadoop..",
                "org.apache.avro..",
                "com.fasterxml.jackson..",
                "com.typesafe.."))
        .as("starfire-api shows no Kafka, Hadoop, Avro, Jackson or config type");
  }

  /** The rooms of queries, each of which stands on those that it names, and on nothing else. */
  @TestFactory
  Stream<DynamicTest> queryRoomsStandOnEachOther() {
    return Stream.of(
            queryRoom("model"),
            queryRoom("json", "model"),
            queryRoom("control", "model"),
            queryRoom("filter", "model", "control"),
            queryRoom("exec", "model", "control", "filter"),
            queryRoom("result", "model", "control", "filter", "exec"),
            queryRoom("scan", "model", "control", "filter", "exec", "result"),
            queryRoom("metadata", "model", "control", "exec", "result", "scan"))
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(STARFIRE)));
  }

  private static ArchRule queryRoom(String name, String... others) {
    String rooms = "io.starfire.serving.query.";
    List<String> allowed = new ArrayList<>(List.of(rooms + name));
    for (String other : others) {
      allowed.add(rooms + other);
    }
    return noClasses()
        .that(resideInAPackage(rooms + name))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.starfire.serving..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .as(rooms + name + " imports of the server only " + List.of(others));
  }
}
