package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The map names files, and is of use only as long as they are there. */
class ArchitectureTest {
  private static final Path ROOT = Path.of("..");
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
}
