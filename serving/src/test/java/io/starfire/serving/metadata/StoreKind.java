package io.starfire.serving.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The databases that tests of the metadata store and of the coordinator run on. */
public enum StoreKind {
  H2 {
    @Override
    public MetadataLocation location(Path directory) {
      MetadataLocation location = MetadataLocation.h2(directory.resolve("metadata"));
      Path file = directory.resolve("metadata.mv.db");
      if (Files.exists(file)) {
        return location;
      }
      try {
        Files.createDirectories(directory);
        Files.copy(H2Template.FILE, file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return location;
    }
  },
  POSTGRESQL {
    @Override
    public MetadataLocation location(Path directory) {
      Path unused = LocalPostgres.requirePrograms();
      return Shared.SERVER.copyOf(Shared.TEMPLATE);
    }
  };

  /** One server for all tests of a process; each has a database of its own. */
  private static final class Shared {
    private static final LocalPostgres SERVER =
        LocalPostgres.start(LocalPostgres.requirePrograms());
    private static final MetadataLocation TEMPLATE = SERVER.newDatabase();

    static {
      // Making the tables takes longer than most tests: it is done once, and copied.
      MetadataStore.open(TEMPLATE).close();
    }
  }

  /** A file that has the tables. */
  private static final class H2Template {
    private static final Path FILE = make();

    private static Path make() {
      try {
        Path directory = Files.createTempDirectory("starfire-metadata");
        Path file = directory.resolve("metadata.mv.db");
        MetadataStore.open(MetadataLocation.h2(directory.resolve("metadata"))).close();
        file.toFile().deleteOnExit();
        directory.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Where a test has its store.
   *
   * @param directory of the test
   */
  public abstract MetadataLocation location(Path directory);
}
