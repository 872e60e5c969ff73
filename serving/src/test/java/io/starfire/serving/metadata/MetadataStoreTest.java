package io.starfire.serving.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataStoreTest {
  @TempDir Path directory;

  private String url() {
    return "jdbc:h2:file:" + directory.resolve("metadata");
  }

  @Test
  void whatThrowsLeavesNothingBehind() {
    try (MetadataStore store = MetadataStore.open(url())) {
      assertThatThrownBy(
              () ->
                  store.write(
                      transaction -> {
                        transaction.nextViewNumber();
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(store.read(MetadataTransaction::viewNumber)).isZero();
    }
  }

  @Test
  void whatWasWrittenIsThereAfterTheProcessWasKilled() throws Exception {
    startProcess("halt").waitFor(30, TimeUnit.SECONDS);
    try (MetadataStore store = MetadataStore.open(url())) {
      assertThat(store.read(MetadataTransaction::viewNumber)).isEqualTo(3);
    }
  }

  @Test
  void aSecondProcessIsRefusedInOneSentence() throws Exception {
    try (MetadataStore store = MetadataStore.open(url())) {
      store.write(MetadataTransaction::nextViewNumber);
      Process second = startProcess("open");
      String output =
          new String(
              second.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(output)
          .contains("CONFLICT another process has the metadata store " + url() + " open");
    }
  }

  @Test
  void anotherDatabaseIsRefused() {
    assertThatThrownBy(() -> MetadataStore.open("jdbc:postgresql://127.0.0.1/starfire"))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("only H2 files are supported")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.UNSUPPORTED);
  }

  @Test
  void aFileThatIsNoStoreIsRefused() throws Exception {
    Files.writeString(directory.resolve("metadata.mv.db"), "no database ".repeat(1000));
    assertThatThrownBy(() -> MetadataStore.open(url()))
        .hasMessageContaining("the metadata store " + url() + " could not be opened");
  }

  private Process startProcess(String mode) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            mode,
            url())
        .redirectErrorStream(true)
        .start();
  }

  /** Opens the store in a process of its own. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) {
      try {
        MetadataStore store = MetadataStore.open(arguments[1]);
        if (arguments[0].equals("halt")) {
          for (int i = 0; i < 3; i++) {
            store.write(MetadataTransaction::nextViewNumber);
          }
          Runtime.getRuntime().halt(9);
        }
      } catch (StarfireException e) {
        System.out.println(e.code() + " " + e.getMessage());
      }
    }
  }
}
