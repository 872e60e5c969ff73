package io.starfire.serving.query.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of functions and the functions themselves. */
class FunctionsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "expressions.md");

  @Test
  void thePageListsEachFunctionUnderItsTitle() throws IOException {
    List<String> expected = new ArrayList<>();
    for (FunctionDefinition.Group group : FunctionDefinition.Group.values()) {
      expected.add("### " + group.title());
      for (FunctionDefinition function : Functions.list()) {
        if (function.group() == group) {
          expected.add(function.row());
        }
      }
    }
    List<String> page =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("### ") || line.matches("\\| `\\w+\\(.*"))
            .toList();
    assertThat(String.join("\n", page)).isEqualTo(String.join("\n", expected));
  }
}
