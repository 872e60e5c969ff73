package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map names files, and the page of tests names tests: of use as long as they are there. */
class ArchitectureTest {
  private static final Path ROOT = Path.of("..");
  private static final int DEEPEST = 30;
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final Pattern LINK = Pattern.compile("\\[`([^`]+)`]\\(([^)]+)\\)");

  @Test
  void everyFileOfTheMapIsThereAndIsCalledAsItSays() throws IOException {
    String map = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    List<MatchResult> links = LINK.matcher(map).results().toList();
    assertThat(links).hasSizeGreaterThan(50);
    for (MatchResult link : links) {
      assertThat(ROOT.resolve(link.group(2))).as(link.group()).isRegularFile();
      assertThat(ROOT.resolve(link.group(2)).getFileName().toString())
          .as(link.group())
          .startsWith(link.group(1));
    }
  }

  @Test
  void everyTestThatThePageOfTestsNamesIsThere() throws IOException {
    Map<String, Path> sources = new HashMap<>();
    try (Stream<Path> files = Files.find(ROOT, DEEPEST, (file, found) -> isTest(file))) {
      files.forEach(file -> sources.put(file.getFileName().toString(), file));
    }
    List<MatchResult> named =
        TEST.matcher(Files.readString(ROOT.resolve("docs/testing.md"))).results().toList();
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult test : named) {
      assertThat(sources).as(test.group()).containsKey(test.group(1) + ".java");
      String source = Files.readString(sources.get(test.group(1) + ".java"));
      String method = test.group(2) == null ? "" : "void " + test.group(2) + "(";
      assertThat(source.contains(method)).as(test.group()).isTrue();
    }
  }

  private static boolean isTest(Path file) {
    return file.toString().endsWith("Test.java") && file.toString().contains("src/test/java");
  }
}
