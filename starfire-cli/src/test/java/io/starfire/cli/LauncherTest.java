package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/starfire} with a Java that writes down how it was called. */
class LauncherTest {
  private static final String VECTORS = "--add-modules jdk.incubator.vector";

  @TempDir private Path directory;

  private Path home;
  private Path java;
  private Path calls;

  @BeforeEach
  void install() throws IOException {
    home = directory.resolve("home");
    java = directory.resolve("java");
    calls = directory.resolve("calls");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("starfire-cli/target"));
    Files.copy(Path.of("../bin/starfire"), home.resolve("bin/starfire"));
    Files.writeString(home.resolve("starfire-cli/target/starfire.classpath"), "a.jar:b.jar");
    Files.createDirectories(java.resolve("bin"));
    Path program = java.resolve("bin/java");
    Files.writeString(
        program,
        """
        #!/usr/bin/env bash
        echo "$*" >> '%s'
        case " $* " in
          *" --add-modules jdk.incubator.vector "*) [ -z "${WITHOUT_VECTORS:-}" ] || exit 1 ;;
        esac
        case " $* " in
          *" -XshowSettings:properties "*) echo "    java.specification.version = 17" >&2 ;;
        esac
        """
            .formatted(calls));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aJavaThatSaysWhatItIsIsStartedOnce() throws Exception {
    release("17.0.15", "java.base jdk.incubator.vector java.sql");

    assertThat(run("", "server")).isEmpty();

    assertThat(calls())
        .singleElement()
        .asString()
        .contains(VECTORS)
        .contains("-cp a.jar:b.jar io.starfire.cli.Main server");
  }

  @Test
  void theModuleOfVectorsIsLeftOutWhereItIsMissingOrNotNeeded() throws Exception {
    release("25", "java.base java.sql");
    assertThat(run("", "server")).isEmpty();
    assertThat(calls()).singleElement().asString().doesNotContain(VECTORS);

    Files.delete(calls);
    release("21.0.1+12", "java.base jdk.incubator.vector");
    assertThat(run("", "query")).isEmpty();
    assertThat(calls()).singleElement().asString().doesNotContain(VECTORS);
  }

  @Test
  void aJavaThatIsTooOldIsRefusedInASentence() throws Exception {
    release("11.0.2", "java.base");

    assertThat(run("", "server")).contains("Java 11").contains("is too old; install a JDK 17");

    release("1.8.0_292", "java.base");
    assertThat(run("", "server")).contains("Java 1").contains("is too old");
    assertThat(calls).doesNotExist();
  }

  @Test
  void aJavaThatDoesNotSayWhatItIsIsAsked() throws Exception {
    assertThat(run("", "server")).isEmpty();
    assertThat(calls()).hasSize(2).last().asString().contains(VECTORS);

    Files.delete(calls);
    assertThat(run("yes", "server")).isEmpty();
    assertThat(calls()).hasSize(3).last().asString().doesNotContain(VECTORS);
  }

  private void release(String version, String modules) throws IOException {
    Files.writeString(
        java.resolve("release"),
        "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"%s\"\nMODULES=\"%s\"\n"
            .formatted(version, modules));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(calls);
  }

  /** What it says on standard error. */
  private String run(String withoutVectors, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/starfire").toString()));
    command.addAll(List.of(arguments));
    Path errors = directory.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("WITHOUT_VECTORS", withoutVectors);
    builder.environment().remove("HADOOP_CONF_DIR");
    int unused = builder.start().waitFor();
    return Files.readString(errors);
  }
}
