package io.starfire.serving.metadata;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The databases that tests of the metadata store and of the coordinator run on. */
public enum StoreKind {
  H2 {
    @Override
    public MetadataLocation location(Path directory) {
      return MetadataLocation.h2(directory.resolve("metadata"));
    }
  },
  POSTGRESQL {
    @Override
    public MetadataLocation location(Path directory) {
      Optional<Path> programs = LocalPostgres.programs();
      if (programs.isEmpty()) {
        String reason =
            "skipped: there is no PostgreSQL on this machine (no initdb on the path or below"
                + " /usr/lib/postgresql); install Debian's package postgresql";
        System.out.println(reason);
        Assumptions.abort(reason);
      }
      return Shared.SERVER.newDatabase();
    }
  };

  /** One server for all tests of a process; each has a database of its own. */
  private static final class Shared {
    private static final LocalPostgres SERVER =
        LocalPostgres.start(LocalPostgres.programs().orElseThrow());
  }

  /**
   * Where a test has its store.
   *
   * @param directory of the test
   */
  public abstract MetadataLocation location(Path directory);
}
