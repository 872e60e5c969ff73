package io.starfire.serving.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStoreTest {
  private static LocalPostgres postgres;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start(LocalPostgres.requirePrograms());
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void aDatabaseThatCannotBeUsedIsOneSentenceThatSaysWhatToDo() {
    MetadataLocation good = postgres.newDatabase();

    assertRefused(
        new MetadataLocation(postgres.url("nowhere"), good.user(), good.password()),
        "database \"nowhere\" does not exist; create it with 'createdb'");
    assertRefused(
        new MetadataLocation(good.url(), good.user(), Optional.of("wrong")),
        "correct starfire.metadata.user and starfire.metadata.password");
    assertRefused(
        new MetadataLocation("jdbc:postgresql://127.0.0.1:1/x", good.user(), good.password()),
        "check that PostgreSQL runs and that starfire.metadata.url names it");
  }

  private static void assertRefused(MetadataLocation location, String advice) {
    assertThatThrownBy(() -> MetadataStore.open(location))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith("the metadata store " + location.url() + " could not be opened: ")
        .hasMessageContaining(advice)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void aPasswordIsNeverSaid() {
    assertThat(
            new MetadataLocation(
                    "jdbc:postgresql://host/db?user=u&password=p",
                    Optional.of("u"),
                    Optional.of("secret"))
                .toString())
        .isEqualTo("jdbc:postgresql://host/db");
  }

  @Test
  void aStoreIsThereAgainWhenItsDatabaseIsAndNotForACoordinatorThatWasReplaced() throws Exception {
    MetadataLocation location = postgres.newDatabase();
    try (MetadataStore first = MetadataStore.open(location)) {
      first.write(MetadataTransaction::nextViewNumber);

      postgres.stop();
      assertThatThrownBy(() -> first.read(MetadataTransaction::viewNumber))
          .hasMessageContaining("does not answer");
      postgres.run();

      await().ignoreExceptions().until(() -> first.read(MetadataTransaction::viewNumber) == 1);
      first.write(MetadataTransaction::nextViewNumber);
      // The lock went with the connection that held it, so that another one may open the store.
      try (MetadataStore second = MetadataStore.open(location)) {
        assertThatThrownBy(() -> first.write(MetadataTransaction::nextViewNumber))
            .isInstanceOf(StarfireException.class)
            .hasMessageContaining("another coordinator has opened the metadata store")
            .extracting(e -> ((StarfireException) e).code())
            .isEqualTo(ErrorCode.CONFLICT);
        assertThat(second.write(MetadataTransaction::nextViewNumber)).isEqualTo(3);
      }
    }
  }
}
