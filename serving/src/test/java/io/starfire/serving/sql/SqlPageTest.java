package io.starfire.serving.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.serving.sql.function.FunctionsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of SQL and the functions themselves. */
class SqlPageTest {
  private static final Path PAGE = Path.of("..", "docs", "sql.md");

  @Test
  void thePageListsEachFunctionUnderItsTitle() throws IOException {
    List<String> page =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("### ") || line.matches("\\| `[A-Z_0-9]+\\(.*"))
            .toList();
    assertThat(String.join("\n", page)).isEqualTo(String.join("\n", FunctionsPage.lines()));
  }
}
