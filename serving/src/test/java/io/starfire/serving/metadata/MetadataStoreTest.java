package io.starfire.serving.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.protocol.cluster.SupervisorRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
class MetadataStoreTest {
  @Parameter StoreKind kind;
  @TempDir Path directory;
  private MetadataLocation location;

  @BeforeEach
  void place() {
    location = kind.location(directory);
  }

  @Test
  void whatThrowsLeavesNothingBehind() {
    try (MetadataStore store = MetadataStore.open(location)) {
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
    try (MetadataStore store = MetadataStore.open(location)) {
      assertThat(store.read(MetadataTransaction::viewNumber)).isEqualTo(3);
    }
  }

  @Test
  void aSecondProcessIsRefusedInOneSentence() throws Exception {
    try (MetadataStore store = MetadataStore.open(location)) {
      store.write(MetadataTransaction::nextViewNumber);
      Process second = startProcess("open");
      String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output)
          .contains("CONFLICT another")
          .contains("has the metadata store " + location + " open");
    }
  }

  @Test
  void whatIsPutTwiceIsThereOnceInOrderOfNames() {
    try (MetadataStore store = MetadataStore.open(location)) {
      for (String name : List.of("b", "B", "a_b", "ab", "b")) {
        store.write(
            transaction -> {
              transaction
                  .dataSources()
                  .put(new DataSourceRegistration(schema(name), "topic of " + name), 1);
              transaction
                  .supervisors()
                  .put(new SupervisorRow(name, "{}", SupervisorRow.State.RUNNING, 2));
              transaction
                  .realtimeOffsets()
                  .put(new RealtimeCommit(name, "t", "id", 3, 0, 17, List.of()));
              return name;
            });
      }

      List<String> inOrder = List.of("B", "a_b", "ab", "b");
      List<String> dataSources =
          store.read(
              transaction ->
                  transaction.dataSources().all().stream()
                      .map(registration -> registration.schema().name())
                      .toList());
      List<String> supervisors =
          store.read(
              transaction ->
                  transaction.supervisors().all().stream().map(SupervisorRow::id).toList());
      Map<Integer, Long> offsets =
          store.read(transaction -> transaction.realtimeOffsets().offsets("b", "t"));
      assertThat(dataSources).isEqualTo(inOrder);
      assertThat(supervisors).isEqualTo(inOrder);
      assertThat(offsets).isEqualTo(Map.of(3, 17L));
    }
  }

  private static DataSourceSchema schema(String name) {
    return new DataSourceSchema(
        name,
        List.of(new DimensionSpec("publisher", ColumnType.STRING)),
        List.of(new MetricSpec("count", MetricSpec.Aggregation.COUNT)),
        Granularity.HOUR,
        Granularity.MINUTE,
        true);
  }

  private Process startProcess(String mode) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            mode,
            location.url(),
            location.user().orElse(""),
            location.password().orElse(""))
        .redirectErrorStream(true)
        .start();
  }

  /** Opens the store in a process of its own. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) {
      try {
        MetadataStore store =
            MetadataStore.open(
                new MetadataLocation(
                    arguments[1],
                    Optional.of(arguments[2]).filter(user -> !user.isEmpty()),
                    Optional.of(arguments[3]).filter(password -> !password.isEmpty())));
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
