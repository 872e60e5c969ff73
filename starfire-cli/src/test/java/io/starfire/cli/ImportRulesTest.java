package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Which package may import which. The whole rule is the list {@code import-rules.txt}: a package
 * that is not on it fails, and so does an import that is not on it. A line that nobody needs any
 * more fails too, so that the list shows what is there.
 */
class ImportRulesTest {
  private static final String STARFIRE = "io.starfire.";

  /** Packages of libraries that count as one library, by the name that the list uses. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("apache-hadoop", List.of("org.apache.hadoop")),
          Map.entry("avro", List.of("org.apache.avro")),
          Map.entry("calcite", List.of("org.apache.calcite", "com.google.common")),
          Map.entry("bcrypt", List.of("at.favre.lib.crypto")),
          Map.entry("caffeine", List.of("com.github.benmanes.caffeine")),
          Map.entry("jwt", List.of("com.nimbusds")),
          Map.entry("typesafe-config", List.of("com.typesafe.config")),
          Map.entry("datasketches", List.of("org.apache.datasketches")),
          Map.entry("flyway", List.of("org.flywaydb")),
          Map.entry("guice", List.of("com.google.inject", "jakarta.inject")),
          Map.entry("http-server", List.of("com.sun.net.httpserver")),
          Map.entry("jackson", List.of("com.fasterxml.jackson")),
          Map.entry("javalin", List.of("io.javalin", "jakarta.servlet", "org.eclipse.jetty")),
          Map.entry("jdbc", List.of("java.sql", "javax.sql", "org.h2", "org.postgresql")),
          Map.entry("jdbi", List.of("org.jdbi")),
          Map.entry(
              "kafka-clients", List.of("org.apache.kafka.clients", "org.apache.kafka.common")),
          Map.entry("kafka-broker", List.of("kafka", "org.apache.kafka")),
          Map.entry("kafka-streams", List.of("org.apache.kafka.streams", "org.rocksdb")),
          Map.entry("log4j", List.of("org.apache.log4j")),
          Map.entry("logback", List.of("ch.qos.logback")),
          Map.entry("lz4", List.of("net.jpountz")),
          Map.entry("micrometer", List.of("io.micrometer")),
          Map.entry("parquet", List.of("org.apache.parquet")),
          Map.entry("picocli", List.of("picocli")),
          Map.entry("roaring", List.of("org.roaringbitmap")));

  /** Packages that every package may import. */
  private static final List<String> FREE =
      List.of("java", "javax", "jdk", "sun", "org.slf4j", "org.jspecify", "com.google.errorprone");

  private static final Map<String, Set<String>> RULES = rules();
  private static final Map<String, Set<String>> IMPORTS = imports();

  @Test
  void everyPackageIsOnTheList() {
    assertThat(RULES.keySet())
        .as("add the package to import-rules.txt, or take it out")
        .isEqualTo(IMPORTS.keySet());
  }

  @Test
  void aPackageImportsWhatItsLineNamesAndNothingElse() {
    assertThat(difference(IMPORTS, RULES))
        .as("imports that import-rules.txt does not allow")
        .isEmpty();
  }

  @Test
  void noLineNamesWhatIsNotImported() {
    assertThat(difference(RULES, IMPORTS)).as("names in import-rules.txt without use").isEmpty();
  }

  @Test
  void packagesImportEachOtherInNoCircle() {
    assertThat(
            IMPORTS.keySet().stream()
                .map(ImportRulesTest::wayBack)
                .filter(way -> !way.isEmpty())
                .map(way -> String.join(" -> ", way)))
        .isEmpty();
  }

  /** They meet through the interfaces of serving.role, so that each can be a process of its own. */
  @Test
  void theRolesOfAServerDoNotImportEachOther() {
    List<String> roles =
        List.of("serving.broker", "serving.coordinator", "serving.historical", "serving.realtime");
    for (String role : roles) {
      assertThat(IMPORTS.get(role))
          .as(role)
          .contains("serving.role")
          .doesNotContainAnyElementsOf(roles);
    }
    assertThat(IMPORTS.get("serving.role")).doesNotContainAnyElementsOf(roles);
  }

  /** Queries go on without it: nobody but the coordinator and who starts it knows the store. */
  @Test
  void theMetadataStoreIsOpenedByTheCoordinatorAlone() {
    assertThat(
            IMPORTS.keySet().stream()
                .filter(name -> IMPORTS.get(name).contains("serving.metadata")))
        .containsExactlyInAnyOrder("serving.coordinator", "serving.server");
  }

  /** "package -> name" for each name that the first map has and the second has not. */
  private static List<String> difference(
      Map<String, Set<String>> all, Map<String, Set<String>> less) {
    List<String> missing = new ArrayList<>();
    all.forEach(
        (from, names) ->
            names.stream()
                .filter(name -> !less.getOrDefault(from, Set.of()).contains(name))
                .forEach(name -> missing.add(from + " -> " + name)));
    return missing;
  }

  /** A shortest way from the package over its imports back to itself; empty if there is none. */
  private static List<String> wayBack(String start) {
    Map<String, String> cameFrom = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      String at = open.remove();
      for (String next : IMPORTS.getOrDefault(at, Set.of())) {
        if (next.equals(start)) {
          return way(start, at, cameFrom);
        }
        if (cameFrom.putIfAbsent(next, at) == null) {
          open.add(next);
        }
      }
    }
    return List.of();
  }

  private static List<String> way(String start, String last, Map<String, String> cameFrom) {
    List<String> way = new ArrayList<>(List.of(start));
    for (String at = last; !at.equals(start); at = cameFrom.get(at)) {
      way.add(1, at);
    }
    way.add(start);
    return way;
  }

  private static Map<String, Set<String>> imports() {
    Map<String, Set<String>> imports = new TreeMap<>();
    Map<String, String> unknown = new TreeMap<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.starfire")) {
      String from = shortName(type.getPackageName());
      Set<String> names = imports.computeIfAbsent(from, key -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.isPrimitive()) {
          continue;
        }
        String name = nameOf(target.getPackageName());
        if (name == null) {
          unknown.put(target.getPackageName(), from);
        } else if (!name.isEmpty() && !name.equals(from)) {
          names.add(name);
        }
      }
    }
    assertThat(unknown)
        .as("libraries without a name: give them one in LIBRARIES (the package that imports them)")
        .isEmpty();
    return imports;
  }

  /** The name that the list uses for a package; empty if all may import it; null if it has none. */
  private static String nameOf(String packageName) {
    if (packageName.startsWith(STARFIRE)) {
      return shortName(packageName);
    }
    String best = null;
    int length = 0;
    for (Map.Entry<String, List<String>> library : LIBRARIES.entrySet()) {
      for (String prefix : library.getValue()) {
        if (isIn(packageName, prefix) && prefix.length() > length) {
          best = library.getKey();
          length = prefix.length();
        }
      }
    }
    if (best == null && FREE.stream().anyMatch(prefix -> isIn(packageName, prefix))) {
      return "";
    }
    return best;
  }

  private static boolean isIn(String packageName, String prefix) {
    return packageName.equals(prefix) || packageName.startsWith(prefix + ".");
  }

  private static String shortName(String packageName) {
    return packageName.substring(STARFIRE.length());
  }

  private static Map<String, Set<String>> rules() {
    Map<String, Set<String>> rules = new TreeMap<>();
    String last = null;
    for (String line : text().split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      boolean goesOn = Character.isWhitespace(line.charAt(0));
      String[] sides = goesOn ? new String[] {last, line} : line.split("->", 2);
      last = sides[0].strip();
      Set<String> names = rules.computeIfAbsent(last, key -> new TreeSet<>());
      for (String name : sides.length > 1 ? sides[1].strip().split("[, ]+") : new String[0]) {
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    return rules;
  }

  private static String text() {
    try (InputStream in = ImportRulesTest.class.getResourceAsStream("import-rules.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
