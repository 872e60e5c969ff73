package io.starfire.serving.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest {
  @TempDir Path directory;

  @Test
  void anotherDatabaseIsRefused() {
    assertThatThrownBy(() -> MetadataStore.open("jdbc:mysql://127.0.0.1/starfire?password=x"))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(
            "'jdbc:mysql://127.0.0.1/starfire', which is neither an H2 file nor PostgreSQL")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.UNSUPPORTED);
  }

  @Test
  void aFileThatIsNoStoreIsRefused() throws Exception {
    Files.writeString(directory.resolve("metadata.mv.db"), "no database ".repeat(1000));
    MetadataLocation location = MetadataLocation.h2(directory.resolve("metadata"));
    assertThatThrownBy(() -> MetadataStore.open(location))
        .hasMessageContaining("the metadata store " + location.url() + " could not be opened");
  }

  @Test
  void aFullDiskIsSaidWithThePathAtTheStartAndLater() {
    FullDisk disk = new FullDisk();
    FilePath.register(disk);
    try {
      String url = "jdbc:h2:file:fulldisk:" + directory.resolve("metadata");
      FullDisk.FULL.set(true);
      StarfireException atTheStart =
          catchThrowableOfType(StarfireException.class, () -> MetadataStore.open(url));
      assertThat(atTheStart.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(atTheStart).hasMessageStartingWith("disk full: the metadata store at ");
      requireDiskFull(atTheStart);

      FullDisk.FULL.set(false);
      MetadataStore store = MetadataStore.open(url);
      FullDisk.FULL.set(true);
      StarfireException atTheCommit = failureOfAWrite(store, MetadataTransaction::nextViewNumber);
      assertThat(atTheCommit.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
      assertThat(atTheCommit).hasMessageStartingWith("it is not known whether what was written ");
      requireDiskFull(atTheCommit);
      // H2 has closed its file by now, so that nothing of the second write is done.
      StarfireException atTheBegin =
          failureOfAWrite(
              store, transaction -> transaction.nextViewNumber() + transaction.nextViewNumber());
      assertThat(atTheBegin.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(atTheBegin).hasMessageStartingWith("disk full: the metadata store at ");

      FullDisk.FULL.set(false);
      Throwable unused = catchThrowable(store::close);
      try (MetadataStore again = MetadataStore.open(url)) {
        assertThat(again.read(MetadataTransaction::viewNumber)).isLessThanOrEqualTo(1);
      }
    } finally {
      FullDisk.FULL.set(false);
      FilePath.unregister(disk);
    }
  }

  private static StarfireException failureOfAWrite(
      MetadataStore store, Function<MetadataTransaction, Long> write) {
    return catchThrowableOfType(StarfireException.class, () -> store.write(write));
  }

  private void requireDiskFull(StarfireException e) {
    assertThat(e.getMessage())
        .contains("disk full: the metadata store at ")
        .contains(directory.resolve("metadata").toString())
        .doesNotContain("\n");
  }
}
