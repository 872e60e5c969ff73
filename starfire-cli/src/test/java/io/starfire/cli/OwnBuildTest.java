package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.starfire.common.StarfireVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project outside this repository, built by Maven as its page says. It gets Starfire from a
 * local repository of its own, and everything else from that of this build: no network, and nothing
 * is installed.
 */
@Tag("long")
class OwnBuildTest {
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "own-pipeline");
  private static final Path API = Path.of("..", "starfire-api");
  private static final long LIMIT_MINUTES = 3;

  @TempDir private Path directory;

  @Test
  void mavenMakesAJarOfItThatExplainTakes() throws Exception {
    String version = StarfireVersion.number();
    Path api = API.resolve("target").resolve("starfire-api-" + version + ".jar");
    assumeThat(api).as("the jar of the api is there from the phase package on").exists();
    install("starfire", version, Path.of("..", "pom.xml"), null);
    install("starfire-api", version, API.resolve("pom.xml"), api);
    Path project = copy();

    Process maven =
        new ProcessBuilder(
                Path.of(System.getProperty("starfire.test.mavenHome"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-s",
                settings().toString(),
                "-Dmaven.repo.local=" + repository(),
                "-Dstarfire.version=" + version,
                "package")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("maven.log").toFile())
            .start();
    try {
      assertThat(maven.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      maven.destroyForcibly();
    }
    assertThat(maven.exitValue()).as(Files.readString(directory.resolve("maven.log"))).isZero();

    Path jar = project.resolve("target/own-pipeline-1.0.jar");
    try (JarFile built = new JarFile(jar.toFile())) {
      assertThat(built.getManifest().getMainAttributes().getValue("Starfire-Version"))
          .isEqualTo(version);
      assertThat(built.stream()).noneMatch(entry -> entry.getName().startsWith("io/starfire"));
    }
    Said said =
        Said.by("explain", OwnProject.PIPELINE, "--driver", "stream", "--jar", jar.toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("orders_by_city");
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  /** As {@code mvn install} would, in the repository of the test. */
  private void install(String artifact, String version, Path pom, Path jar) throws IOException {
    Path place = repository().resolve("io/starfire").resolve(artifact).resolve(version);
    Files.createDirectories(place);
    Files.copy(pom, place.resolve(artifact + "-" + version + ".pom"));
    if (jar != null) {
      Files.copy(jar, place.resolve(artifact + "-" + version + ".jar"));
    }
  }

  private Path settings() throws IOException {
    return Files.writeString(
        directory.resolve("settings.xml"),
        """
        <settings><mirrors><mirror>
          <id>of-this-build</id><mirrorOf>*</mirrorOf><url>%s</url>
        </mirror></mirrors></settings>
        """
            .formatted(Path.of(System.getProperty("starfire.test.mavenRepository")).toUri()));
  }

  private Path copy() throws IOException {
    Path project = directory.resolve("project");
    List<Path> files;
    try (Stream<Path> all = Files.walk(EXAMPLE)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = project.resolve(EXAMPLE.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    return project;
  }
}
